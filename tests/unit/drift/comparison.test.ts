/* oxlint-disable typescript/no-explicit-any, typescript/no-unsafe-assignment, typescript/no-unsafe-call,
   typescript/no-unsafe-member-access, typescript/no-unsafe-return --
   objects of every kind are edited as people edit them, without a type */
import assert from "node:assert/strict";
import { compareValues, pathText } from "../../../diff/compare";
import type { JsonObject } from "../../../diff/json";
import { opened, Sealed } from "../../../diff/sealed";
import { comparison } from "../../../drift/comparison";
import { kept, type Edit } from "../../support/managedFieldsDouble";

const workload: JsonObject = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "loki", labels: { app: "loki" }, annotations: { note: "a" } },
  spec: {
    replicas: 3,
    template: {
      spec: {
        automountServiceAccountToken: false,
        hostNetwork: false,
        initContainers: null,
        securityContext: {},
        containers: [
          {
            name: "loki",
            image: "loki:1",
            args: ["-a", "-b"],
            env: [{ name: "A", value: "1" }],
            ports: [{ port: 80 }],
            resources: { requests: { cpu: "500m", memory: "1Gi" } },
          },
        ],
        volumes: [{ name: "data", emptyDir: {} }],
      },
    },
  },
};
const policy: JsonObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "loki" },
  spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }, { ports: [{ port: 90 }] }] },
};
const configMap: JsonObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "loki" },
  data: { config: "a: 1\n", more: "x" },
};

/** What the API server adds to an object when it is written. */
const defaults: Edit = {
  manager: "pulumi-resource-kubernetes",
  edit: ({ spec }) => {
    if (spec?.template === undefined) return;
    spec.revisionHistoryLimit = 10;
    const pod = spec.template.spec;
    delete pod.hostNetwork;
    delete pod.initContainers;
    pod.dnsPolicy = "ClusterFirst";
    pod.containers[0].ports[0].protocol = "TCP";
    pod.containers[0].terminationMessagePath = "/dev/termination-log";
  },
};

const drift = (wanted: JsonObject, ...edits: Edit[]) => {
  const live = kept(wanted, [defaults, ...edits]);
  const { told, right } = comparison(wanted, live);
  return { fields: compareValues(wanted, opened(told)).map(({ path }) => pathText(path)), right, live };
};
const by =
  (manager: string) =>
  (edit: Edit["edit"], subresource?: string): Edit => ({
    manager,
    edit,
    ...(subresource === undefined ? {} : { subresource }),
  });
const person = by("kubectl-edit");
const pod = (object: any) => object.spec.template.spec;
const container = (object: any) => pod(object).containers[0];

const planted: [what: string, wanted: JsonObject, edit: Edit, fields: string[]][] = [
  ["scaled", workload, by("kubectl")((o) => (o.spec.replicas = 5), "scale"), ["spec.replicas"]],
  [
    "another image",
    workload,
    person((o) => (container(o).image = "loki:2")),
    ["spec.template.spec.containers[loki].image"],
  ],
  [
    "a variable more",
    workload,
    person((o) => container(o).env.push({ name: "B", value: "2" })),
    ["spec.template.spec.containers[loki].env[B]"],
  ],
  ["a variable less", workload, person((o) => (container(o).env = [])), ["spec.template.spec.containers[loki].env[A]"]],
  [
    "another variable",
    workload,
    person((o) => (container(o).env[0].value = "2")),
    ["spec.template.spec.containers[loki].env[A].value"],
  ],
  [
    "an argument more",
    workload,
    person((o) => (container(o).args = ["-a", "-c", "-b"])),
    ["spec.template.spec.containers[loki].args[1]"],
  ],
  [
    "other requests",
    workload,
    person((o) => (container(o).resources.requests.cpu = "1")),
    ["spec.template.spec.containers[loki].resources.requests.cpu"],
  ],
  [
    "a limit",
    workload,
    person((o) => (container(o).resources.limits = { cpu: "1" })),
    ["spec.template.spec.containers[loki].resources.limits"],
  ],
  [
    "a container more",
    workload,
    person((o) => pod(o).containers.push({ name: "b", image: "b" })),
    ["spec.template.spec.containers[b]"],
  ],
  [
    "a volume more",
    workload,
    person((o) => pod(o).volumes.push({ name: "b", emptyDir: {} })),
    ["spec.template.spec.volumes[b]"],
  ],
  ["the node's network", workload, person((o) => (pod(o).hostNetwork = true)), ["spec.template.spec.hostNetwork"]],
  [
    "a false that the server keeps, taken away",
    workload,
    person((o) => delete pod(o).automountServiceAccountToken),
    ["spec.template.spec.automountServiceAccountToken"],
  ],
  ["a label", workload, person((o) => (o.metadata.labels.app = "b")), ["metadata.labels.app"]],
  ["a line of a file", configMap, person((o) => (o.data.config = "a: 2\n")), ["data.config"]],
  ["a file more", configMap, person((o) => (o.data.b = "b")), ["data.b"]],
  ["a file less", configMap, person((o) => delete o.data.more), ["data.more"]],
  ["all files gone", configMap, person((o) => delete o.data), ["data"]],
  ["a rule more", policy, person((o) => (o.spec.ingress = [...o.spec.ingress, {}])), ["spec.ingress[2]"]],
  ["a rule less", policy, person((o) => (o.spec.ingress = [o.spec.ingress[1]])), ["spec.ingress[0]"]],
  [
    "a port of a rule",
    policy,
    person((o) => (o.spec.ingress = [o.spec.ingress[0], { ports: [{ port: 91 }] }])),
    ["spec.ingress[1].ports[91]", "spec.ingress[1].ports[90]"],
  ],
  [
    "what another maker of objects does",
    workload,
    by("argocd-controller")((o) => (o.spec.replicas = 1)),
    ["spec.replicas"],
  ],
];

const harmless: [what: string, wanted: JsonObject, edit: Edit][] = [
  ["nothing", workload, person(() => undefined)],
  [
    "a quantity in the server's form",
    workload,
    by("pulumi-resource-kubernetes")((o) => (container(o).resources.requests.cpu = "0.5")),
  ],
  [
    "what a webhook makes of our own write",
    workload,
    by("pulumi-resource-kubernetes")((o) => (container(o).image = "mirror.example.com/loki:1")),
  ],
  ["replicas under an autoscaler", workload, by("kube-controller-manager")((o) => (o.spec.replicas = 9), "scale")],
  [
    "an injected container",
    workload,
    by("sidecar-injector")((o) => pod(o).containers.push({ name: "proxy", image: "p" })),
  ],
  ["the status", workload, by("kubelet")((o) => (o.status = { replicas: 1 }), "status")],
  ["a controller's annotation", workload, by("cloud-controller-manager")((o) => (o.metadata.annotations.lb = "1"))],
  ["an annotation that somebody added", workload, person((o) => (o.metadata.annotations.b = "b"))],
  ["the first labels, of somebody", configMap, person((o) => (o.metadata.labels = { team: "a" }))],
  ["a controller's finalizer", workload, by("service-controller")((o) => (o.metadata.finalizers = ["a"]))],
  [
    "a restart",
    workload,
    by("kubectl-rollout")((o) => (o.metadata.annotations["kubectl.kubernetes.io/restartedAt"] = "2026")),
  ],
  [
    "the note of an apply",
    workload,
    by("kubectl-client-side-apply")(
      (o) => (o.metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"] = "{}"),
    ),
  ],
  ["a value that somebody wrote again", workload, person((o) => (o.spec.replicas = 3))],
  ["another order of variables with names", workload, person((o) => container(o).env.reverse())],
];

describe("the comparison of what was deployed with what is there", () => {
  for (const [what, wanted, edit, fields] of planted)
    it(`finds ${what}, and puts it right with nothing else`, () => {
      const found = drift(wanted, edit);
      assert.deepEqual(found.fields, fields);
      const { told } = comparison(wanted, found.right);
      assert.deepEqual(compareValues(wanted, opened(told)), []);
      const untouched = ({ metadata, status, spec }: any) => [
        metadata.uid,
        metadata.resourceVersion,
        status,
        spec?.revisionHistoryLimit,
      ];
      assert.deepEqual(untouched(found.right), untouched(found.live));
    });

  for (const [what, wanted, edit] of harmless)
    it(`finds no drift in ${what}, and leaves it alone`, () => {
      const found = drift(wanted, edit);
      assert.deepEqual(found.fields, []);
      assert.deepEqual(compareValues(found.right, found.live), []);
    });

  it("keeps a secret sealed, also one that changed", () => {
    const wanted = { apiVersion: "v1", kind: "Secret", data: new Sealed({ a: "MQ==", b: "Mg==" }) };
    const live = kept(opened(wanted) as JsonObject, [person((o) => (o.data.a = "Mw=="))]);
    const { data } = comparison(wanted, live).told as { data: Sealed };
    assert.ok(data instanceof Sealed);
    assert.deepEqual(data.value, { a: "Mw==", b: "Mg==" });
    assert.deepEqual((comparison(wanted, live).right as JsonObject).data, { a: "MQ==", b: "Mg==" });
  });
});
