import assert from "node:assert/strict";

import { parseHierarchies } from "../../../../local/cluster/cgroups";

describe("The cgroups of a machine", () => {
  it("are those of its mounts, of either version", () => {
    const mounts =
      "proc /proc proc rw 0 0\ncgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n";
    assert.deepEqual(parseHierarchies(mounts), [
      { version: 1, dir: "/sys/fs/cgroup/cpu" },
      { version: 2, dir: "/sys/fs/cgroup/unified" },
    ]);
  });
});
