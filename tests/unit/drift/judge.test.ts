/* oxlint-disable typescript/no-explicit-any, typescript/no-unsafe-member-access, typescript/no-unsafe-return --
   objects of every kind are edited as people edit them, without a type */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { JsonObject } from "../../../diff/json";
import { markdownLimit } from "../../../diff/format/markdown";
import { jsonText } from "../../../diff/format/json";
import { Mask } from "../../../diff/mask";
import { opened, Sealed } from "../../../diff/sealed";
import type { Thing } from "../../../diff/thing";
import { markdownText } from "../../../drift/format/markdown";
import { terminalText } from "../../../drift/format/terminal";
import { driftReport, writerAt, type Found } from "../../../drift/judge";
import { wantedObjects } from "../../../drift/objects";
import { planOf } from "../../../drift/plan";
import { driftSchema } from "../../../drift/report";
import { assertUnchanged, driftSchemaFile } from "../../golden/golden";
import { kept, type Edit } from "../../support/managedFieldsDouble";

const helm = { "meta.helm.sh/release-name": "loki" };
const owner = { "logharbor.io/owner": "logharbor/prod" };

function thing(kind: string, name: string, more: JsonObject, of: Partial<Thing> = {}): Thing {
  return {
    maker: "release loki",
    kind,
    name,
    namespace: "loki",
    content: { apiVersion: "v1", kind, metadata: { name }, ...more },
    ...of,
  };
}

/** As the API server keeps it, with the mark of its maker. */
function live(wanted: Thing, ...edits: Edit[]): JsonObject {
  const clear = opened(wantedObjects([wanted])[0]!.content) as JsonObject;
  const mark = (o: any) => (o.metadata.annotations ??= wanted.maker === "stack" ? { ...owner } : { ...helm });
  return kept(clear, [{ manager: "pulumi-resource-kubernetes", edit: mark }, ...edits]);
}

const stateful = thing("StatefulSet", "loki-write", { spec: { replicas: 3, template: { spec: {} } } });
const config = thing("ConfigMap", "loki", { data: { a: "1" } });
const own = thing("NetworkPolicy", "deny", { metadata: { name: "deny", annotations: owner } }, { maker: "stack" });
const secret = thing(
  "Secret",
  "login",
  { metadata: { name: "login", annotations: owner }, stringData: { password: "planted-secret-1" } },
  { maker: "stack" },
);
const release = (revision: number): Thing => thing("Release", "loki", { revision }, {});

const found = (pairs: [Thing, JsonObject?][], more: Partial<Found> = {}): Found => ({
  stack: "prod",
  pairs: pairs.map(([wanted, is]) => ({
    wanted: wantedObjects([wanted])[0]!,
    ...(is === undefined ? {} : { live: is }),
  })),
  wanted: [],
  there: [],
  unseen: [],
  ...more,
});
const report = (...args: Parameters<typeof found>) => driftReport(found(...args), new Mask());
const edit = (change: Edit["edit"], manager = "kubectl-edit"): Edit => ({ manager, edit: change });
const scaled = live(
  stateful,
  edit((o) => (o.spec.replicas = 5), "kubectl"),
);

describe("a report on drift", () => {
  it("is empty if all is as it was deployed", () => {
    const { objects, unchanged } = report([
      [stateful, live(stateful)],
      [secret, live(secret)],
    ]);
    assert.deepEqual([objects, unchanged], [[], 2]);
    assert.match(terminalText(report([[config, live(config)]]), { colours: false }), /no drift, 1 object as deployed/);
  });

  it("says object, field, both values, who, when, and both remedies", () => {
    const { objects } = report([[stateful, scaled]]);
    assert.deepEqual(objects, [
      {
        change: "changed",
        maker: "release loki",
        kind: "StatefulSet",
        namespace: "loki",
        name: "loki-write",
        fields: [
          { path: "spec.replicas", change: "changed", before: 3, after: 5, by: "kubectl", at: "2026-11-26T01:00:00Z" },
        ],
        remedies: [
          "npm run up -- --stack prod puts it back",
          "or take it over: set logharbor:loki.replicas.write, then npm run up -- --stack prod",
        ],
      },
    ]);
  });

  it("names nobody for a field that is gone", () => {
    const { fields } = report([
      [
        config,
        live(
          config,
          edit((o) => delete o.data.a),
        ),
      ],
    ]).objects[0]!;
    assert.deepEqual(fields, [{ path: "data.a", change: "removed", before: "1" }]);
  });

  it("sees a secret that changed, and shows none, in any format", () => {
    const changed = live(
      secret,
      edit((o) => (o.data.password = Buffer.from("planted-secret-2").toString("base64"))),
    );
    const told = report([
      [secret, changed],
      [
        config,
        live(
          config,
          edit((o) => (o.data.a = "x planted-secret-1 x")),
        ),
      ],
    ]);
    assert.deepEqual(
      told.objects.flatMap(({ fields }) => fields.map(({ before, after }) => [before, after])),
      [
        ["[secret]", "[new secret]"],
        ["1", "x [new secret] x"],
      ],
    );
    for (const text of [terminalText(told, { colours: true }), markdownText(told), jsonText(told)])
      for (const planted of ["planted-secret-1", "planted-secret-2"])
        for (const form of [planted, Buffer.from(planted).toString("base64")]) assert.ok(!text.includes(form), text);
  });

  it("shows what is gone first, and what could not be looked at", () => {
    const told = report(
      [
        [
          config,
          live(
            config,
            edit((o) => (o.data.a = "2")),
          ),
        ],
        [own],
      ],
      { unseen: ["MinIO (away)"] },
    );
    assert.deepEqual(
      told.objects.map(({ name, change }) => [name, change]),
      [
        ["deny", "removed"],
        ["loki", "changed"],
      ],
    );
    assert.match(
      terminalText(told, { colours: false }),
      /1 changed, 1 gone, 0 objects as deployed\nnot looked at: MinIO \(away\)/,
    );
    assert.match(markdownText(told), /drifted: 1 changed, 1 gone/);
    driftSchema.parse(JSON.parse(jsonText(told)));
  });

  it("in Markdown is never longer than a comment may be", () => {
    const many = Array.from({ length: 300 }, (_, index): [Thing, JsonObject] => {
      const one = thing("ConfigMap", `c-${index}`, { data: { a: "1" } });
      return [
        one,
        live(
          one,
          edit((o) => (o.data.a = "x\n".repeat(200))),
        ),
      ];
    });
    const text = markdownText(report(many));
    assert.ok(text.length <= markdownLimit, String(text.length));
    assert.match(text, /objects had no room here/);
  });

  it("finds who wrote a field in a list", () => {
    const object = kept({ spec: { containers: [{ name: "a", image: "1" }] } }, [
      edit((o) => (o.spec.containers[0].image = "2")),
    ]);
    assert.equal(writerAt(object, ["spec", "containers", "[a]", "image"])?.name, "kubectl-edit");
    assert.equal(writerAt(object, ["spec", "containers", "[b]", "image"]), undefined);
  });

  it("has the schema in docs/", () =>
    assertUnchanged(readFileSync(driftSchemaFile.file, "utf8"), driftSchemaFile.text(), "docs/drift.schema.json"));
});

describe("what up mends", () => {
  const keys = (things: readonly { wanted: Thing }[]) => things.map(({ wanted }) => wanted.name);

  it("is nothing without drift", () => {
    assert.deepEqual(
      planOf(
        found([
          [stateful, live(stateful)],
          [own, live(own)],
        ]),
      ),
      {
        own: [],
        charts: [],
        releases: [],
        store: [],
        refresh: false,
      },
    );
  });

  it("are own objects, objects of charts that are there, and releases that lack one", () => {
    const plan = planOf(found([[own], [stateful, scaled], [config]], { wanted: [release(2)], there: [release(2)] }));
    assert.deepEqual([keys(plan.own), keys(plan.charts)], [["deny"], ["loki-write"]]);
    assert.deepEqual(plan.releases, [{ namespace: "loki", name: "loki" }]);
  });

  it("is a release that somebody else upgraded, but not one without a record, which the recovery mends", () => {
    assert.equal(planOf(found([], { wanted: [release(2)], there: [release(3)] })).releases.length, 1);
    assert.equal(planOf(found([], { wanted: [release(2)], there: [] })).releases.length, 0);
  });

  it("is not what belongs to others under the same name", () => {
    const foreign = live(
      own,
      edit((o) => (o.metadata.annotations = {})),
    );
    const other = live(
      stateful,
      edit((o) => ((o.spec.replicas = 1), delete o.metadata.annotations)),
    );
    const plan = planOf(
      found([
        [own, foreign],
        [stateful, other],
      ]),
    );
    assert.deepEqual([keys(plan.own), keys(plan.charts)], [[], []]);
  });

  it("is nothing in a namespace that is gone", () => {
    const home = thing("Namespace", "loki", {}, { maker: "stack", namespace: undefined });
    const plan = planOf(found([[home], [own], [config]], { wanted: [release(2)], there: [release(2)] }));
    assert.deepEqual([plan.own, plan.releases], [[], []]);
    assert.match(report([[home]]).objects[0]!.remedies.join(), /npm run refresh/);
  });

  it("is no volume that grew, and no password that nobody can read", () => {
    const claim = thing(
      "PersistentVolumeClaim",
      "grafana",
      { spec: { resources: { requests: { storage: "5Gi" } } } },
      { maker: "release grafana" },
    );
    const grown = kept(claim.content as JsonObject, [
      edit((o) => (o.metadata.annotations = { "meta.helm.sh/release-name": "grafana" }), "helm"),
      edit((o) => (o.spec.resources.requests.storage = "9Gi")),
    ]);
    const user: Thing = {
      maker: "MinIO",
      kind: "IamUser",
      name: "loki",
      content: { secret: new Sealed("a-secret-1") },
    };
    const args = [
      [[claim, grown]],
      { wanted: [user], there: [{ ...user, content: { secret: new Sealed("b") } }] },
    ] as const;
    const plan = planOf(found([...args[0]] as never, args[1]));
    assert.deepEqual([plan.charts, plan.store, plan.refresh], [[], [], false]);
    assert.deepEqual(
      report([...args[0]] as never, args[1]).objects.map(({ remedies }) => remedies),
      [
        ["take it over: set logharbor:grafana.volumeSize, then npm run up -- --stack prod"],
        ["npm run rotate -- --stack prod --what loki-store gives Loki a new user"],
      ],
    );
  });

  it("are buckets and users in MinIO; whatever else differs there, the engine sees after a refresh", () => {
    const inStore = (kind: string, name: string, content: JsonObject): Thing => ({
      maker: "MinIO",
      kind,
      name,
      content,
    });
    const wanted = [inStore("S3Bucket", "a", { acl: "private" }), inStore("IamPolicy", "p", { policy: "1" })];
    const versioned = inStore("S3Bucket", "a", { acl: "private", versioning: "Enabled" });
    const one = planOf(found([], { wanted, there: [versioned, wanted[1]!] }));
    assert.deepEqual([one.store.map(({ name }) => name), one.refresh], [["a"], false]);
    const other = planOf(found([], { wanted, there: [inStore("IamPolicy", "p", { policy: "2" })] }));
    assert.deepEqual([other.store, other.refresh], [[], true]);
  });
});
