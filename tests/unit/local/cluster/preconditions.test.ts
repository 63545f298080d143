import assert from "node:assert/strict";

import {
  availableMemory,
  neededDiskBytes,
  neededMemoryBytes,
  unmet,
  type Machine,
} from "../../../../local/cluster/preconditions";

describe("The local cluster's machine", () => {
  const fit: Machine = {
    platform: "linux",
    isRoot: true,
    missingTools: [],
    writableCgroups: 1,
    hasOverlayfs: true,
    fileSystem: "ext2/ext3",
    freeMemoryBytes: neededMemoryBytes,
    freeDiskBytes: neededDiskBytes,
  };

  it("is accepted when it has all that is needed", () => {
    assert.deepEqual(unmet(fit), []);
  });

  const refused: [string, Partial<Machine>, RegExp][] = [
    ["another system", { platform: "darwin" }, /It needs Linux; this is darwin/],
    ["no root", { isRoot: false }, /needs root: .*sudo/],
    [
      "missing tools",
      { missingTools: ["ip", "unshare", "nsenter"] },
      /needs ip, unshare, nsenter: apt-get install iproute2 util-linux\./,
    ],
    ["no Debian", { missingTools: ["apt-get"] }, /a Debian or Ubuntu machine/],
    ["cgroups it may not change", { writableCgroups: 0 }, /privileged/],
    ["no overlayfs", { hasOverlayfs: false }, /modprobe overlay/],
    ["a directory on overlayfs", { fileSystem: "overlayfs" }, /set XDG_CACHE_HOME to a directory on a disk/],
    ["no namespaces", { namespaceFault: "unshare: not permitted" }, /modprobe veth\): unshare: not permitted/],
    ["too little memory", { freeMemoryBytes: 2 ** 30 }, /needs 3\.0 GiB of free memory, and 1\.0 GiB is free/],
    ["too little disk", { freeDiskBytes: 2 ** 29 }, /needs 6\.0 GiB of free disk, and 0\.5 GiB is free/],
  ];
  for (const [name, fault, text] of refused) {
    it(`is refused with its remedy: ${name}`, () => {
      const faults = unmet({ ...fit, ...fault });
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? "", text);
    });
  }

  it("hears of all that is wrong at once", () => {
    assert.equal(unmet({ ...fit, isRoot: false, hasOverlayfs: false, freeDiskBytes: 0 }).length, 3);
  });

  it("has the memory that programs can still get", () => {
    assert.equal(availableMemory("MemTotal: 100 kB\nMemAvailable:    2048 kB\n"), 2 ** 21);
  });
});
