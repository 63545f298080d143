import assert from "node:assert/strict";
import fc from "fast-check";
import { changedLines, compareThings, compareValues, pathText } from "../../../diff/compare";
import type { Json } from "../../../diff/json";
import type { MaskedThing } from "../../../diff/thing";

const container = (name: string, more: Record<string, Json> = {}): Json => ({ name, image: `${name}:1`, ...more });
const podOf = (...containers: Json[]): Json => ({ spec: { template: { spec: { containers } } } });
const told = (before: Json, after: Json) =>
  compareValues(before, after).map(({ path, before: was, after: is }) => [pathText(path), was, is]);

describe("the comparison", () => {
  it("sees no difference in a list that was only reordered, by each merge key", () => {
    const lists: Record<string, Json[]> = {
      containers: [container("a"), container("b")],
      env: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
      ports: [
        { containerPort: 80, name: "http" },
        { containerPort: 53, protocol: "UDP" },
        { containerPort: 53, protocol: "TCP" },
      ],
      volumeMounts: [
        { mountPath: "/a", name: "v" },
        { mountPath: "/b", name: "v" },
      ],
      volumes: [
        { name: "a", emptyDir: {} },
        { name: "b", emptyDir: {} },
      ],
      volumeClaimTemplates: [{ metadata: { name: "a" } }, { metadata: { name: "b" } }],
      tolerations: [{ key: "a", operator: "Exists" }, { operator: "Exists" }],
      imagePullSecrets: [{ name: "a" }, { name: "b" }],
      subjects: [
        { kind: "ServiceAccount", namespace: "x", name: "a" },
        { kind: "ServiceAccount", namespace: "y", name: "a" },
      ],
    };
    for (const [field, list] of Object.entries(lists)) {
      const reordered = field === "tolerations" ? list : [...list].reverse();
      assert.deepEqual(told({ [field]: list }, { [field]: reordered }), [], field);
    }
  });

  it("shows only the field of the element that changed", () => {
    const before = podOf(container("loki"), container("sidecar", { env: [{ name: "A", value: "1" }] }));
    const after = podOf(container("sidecar", { env: [{ name: "A", value: "2" }] }), container("loki"));
    assert.deepEqual(told(before, after), [["spec.template.spec.containers[sidecar].env[A].value", "1", "2"]]);
  });

  it("shows an element that came or went whole", () => {
    assert.deepEqual(told(podOf(container("a")), podOf(container("a"), container("b"))), [
      ["spec.template.spec.containers[b]", undefined, container("b")],
    ]);
    assert.deepEqual(told(podOf(container("a"), container("b")), podOf(container("a"))), [
      ["spec.template.spec.containers[b]", container("b"), undefined],
    ]);
  });

  it("tells the order of init containers, which run one after the other", () => {
    const list = [container("a"), container("b")];
    assert.deepEqual(told({ initContainers: list }, { initContainers: [...list].reverse() }), [
      ["initContainers (order)", ["a", "b"], ["b", "a"]],
    ]);
  });

  it("keeps the place in a list without keys: an argument in the middle is one difference", () => {
    assert.deepEqual(told({ args: ["-a", "-b", "-c"] }, { args: ["-a", "-x", "-b", "-c"] }), [
      ["args[1]", undefined, "-x"],
    ]);
    assert.deepEqual(told({ args: ["-a", "-b", "-c"] }, { args: ["-a", "-c"] }), [["args[1]", "-b", undefined]]);
    assert.deepEqual(told({ args: ["-a", "-b=1"] }, { args: ["-a", "-b=2"] }), [["args[1]", "-b=1", "-b=2"]]);
    assert.deepEqual(told({ args: ["-a", "-b"] }, { args: ["-b", "-a"] }).length, 2);
  });

  it("compares elements that share a name by their place", () => {
    const rule = (name: string, expr: string): Json => ({ name, expr });
    assert.deepEqual(told({ list: [rule("a", "1"), rule("a", "2")] }, { list: [rule("a", "1"), rule("a", "3")] }), [
      ["list[1].expr", "2", "3"],
    ]);
  });

  it("takes null for what was left out, but not an empty object or list, nor a number for its text", () => {
    assert.deepEqual(told({ a: null }, {}), []);
    assert.deepEqual(told({}, { emptyDir: {} }), [["emptyDir", undefined, {}]]);
    assert.deepEqual(told({ a: [] }, {}), [["a", [], undefined]]);
    assert.deepEqual(told({ port: 80 }, { port: "80" }), [["port", 80, "80"]]);
  });

  it("knows the forms in which the API server writes a quantity, where a quantity is", () => {
    const resources = (cpu: Json, memory: Json): Json => ({ resources: { limits: { cpu, memory } } });
    assert.deepEqual(told(resources("0.5", "1024Mi"), resources("500m", "1Gi")), []);
    assert.deepEqual(told(resources(1, "1e9"), resources("1", "1e9")), []);
    assert.deepEqual(told({ hard: { pods: "1000000" } }, { hard: { pods: "1M" } }), []);
    assert.deepEqual(told(resources("0.5", "1Gi"), resources("600m", "1Gi")), [
      ["resources.limits.cpu", "0.5", "600m"],
    ]);
    assert.deepEqual(told({ data: { limit: "1000" } }, { data: { limit: "1k" } }), [["data.limit", "1000", "1k"]]);
  });

  it("quotes a key that has dots", () => {
    assert.equal(pathText(["metadata", "labels", "a.b/c"]), 'metadata.labels["a.b/c"]');
  });

  it("finds nothing in two equal values, and something in any other", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const [a, b] = JSON.parse(JSON.stringify([{ v: one }, { v: other }])) as [Json, Json];
        assert.deepEqual(compareValues(a, JSON.parse(JSON.stringify(a)) as Json), []);
        const same = JSON.stringify(sortedKeys(a)) === JSON.stringify(sortedKeys(b));
        if (same) assert.deepEqual(compareValues(a, b), []);
      }),
    );
  });

  it("matches objects by kind, namespace and name, whoever makes them", () => {
    const thing = (name: string, more: Partial<MaskedThing> = {}): MaskedThing => ({
      maker: "stack",
      kind: "Secret",
      name,
      namespace: "a",
      content: {},
      ...more,
    });
    const found = compareThings(
      [thing("same"), thing("gone"), thing("moved"), thing("one", { namespace: "b" })],
      [thing("same"), thing("new"), thing("moved", { maker: "release loki" }), thing("one")],
    );
    assert.deepEqual(
      found.map(({ before, after, fields }) => [before?.name, after?.name, fields.length]),
      [
        [undefined, "new", 0],
        ["moved", "moved", 1],
        [undefined, "one", 0],
        ["gone", undefined, 0],
        ["one", undefined, 0],
      ],
    );
  });
});

describe("the lines of a text", () => {
  const long = Array.from({ length: 40 }, (_, index) => `line ${index}`);

  it("are those around the change", () => {
    const lines = changedLines(long.join("\n"), long.map((line) => (line === "line 20" ? "changed" : line)).join("\n"));
    assert.deepEqual(lines, [
      " line 17",
      " line 18",
      " line 19",
      "-line 20",
      "+changed",
      " line 21",
      " line 22",
      " line 23",
    ]);
  });

  it("are in two parts if the changes are distant", () => {
    const after = long.map((line) => (line === "line 2" || line === "line 35" ? "changed" : line));
    assert.equal(changedLines(long.join("\n"), after.join("\n")).filter((line) => line === "@@").length, 1);
  });

  it("are those of JSON that was one line", () => {
    const policy = (action: string) => JSON.stringify({ Statement: [{ Action: [action], Effect: "Allow" }] });
    assert.deepEqual(
      changedLines(policy("s3:GetObject"), policy("s3:PutObject")).filter((line) => /^[+-]/.test(line)),
      ['-        "s3:GetObject"', '+        "s3:PutObject"'],
    );
  });
});

function sortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sortedKeys(item)]),
  );
}
