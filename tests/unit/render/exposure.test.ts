import assert from "node:assert/strict";
import * as models from "@kubernetes/client-node";
import { z } from "zod";

import { wayIn } from "../../../render/exposure";
import { planOf } from "../../../render/plan";
import { settingsFor, type Overrides } from "../../support/stack";

interface Model {
  getAttributeTypeMap: () => { baseName: string; type: string }[];
}

/** Paths of an object that the API's own model of its kind does not have. */
function strayFields(value: unknown, type: string, path = type): string[] {
  const [, element] = /^Array<(.*)>$/.exec(type) ?? [];
  if (element !== undefined)
    return (value as unknown[]).flatMap((one, index) => strayFields(one, element, `${path}[${index}]`));
  const model = (models as unknown as Record<string, Model | undefined>)[type];
  if (model?.getAttributeTypeMap === undefined) return [];
  return Object.entries(value as object).flatMap(([key, below]) => {
    const field = model.getAttributeTypeMap().find(({ baseName }) => baseName === key);
    return field === undefined ? [`${path}.${key}`] : strayFields(below, field.type, `${path}.${key}`);
  });
}

/** The fields of an HTTPRoute of gateway.networking.k8s.io/v1 that we use, in the forms of its reference. */
const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
const httpRoute = z.strictObject({
  parentRefs: z.array(z.strictObject({ name, namespace: name.optional(), sectionName: name.optional() })).min(1),
  hostnames: z.array(name).min(1),
  rules: z
    .array(
      z.strictObject({
        matches: z.array(
          z.strictObject({
            path: z.strictObject({ type: z.literal("PathPrefix"), value: z.string().startsWith("/") }),
          }),
        ),
        backendRefs: z.array(z.strictObject({ name, port: z.int().min(1).max(65535) })).min(1),
        // GEP-2257
        timeouts: z.strictObject({ request: z.string().regex(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/) }),
      }),
    )
    .min(1),
});

/** The ways in of a stack, by part. */
function ways(overrides: Overrides) {
  const { grafana, loki } = planOf(settingsFor("prod", { ingressNamespaces: ["ingress"], ...overrides }));
  return { grafana: grafana?.exposure, gateway: loki.exposure };
}

const url = "https://logs.example.com/grafana/";
const gateway = { authentication: "basic" };
const host = "loki.example.com";

describe("ways in from outside of the cluster", () => {
  it("are none by default", () => {
    assert.deepEqual(ways({}), { grafana: undefined, gateway: undefined });
    assert.equal(ways({ grafana: { url } }).grafana, undefined);
  });

  it("are an Ingress with TLS, which has no field that the API does not know", () => {
    const found = ways({
      grafana: { url },
      gateway,
      exposure: {
        grafana: { kind: "ingress", className: "nginx", tlsSecret: "public", issuer: "letsencrypt" },
        gateway: { kind: "ingress", host, annotations: { "example.com/a": "b" } },
      },
    });
    for (const spec of Object.values(found)) {
      const { annotations, ...object } = wayIn(spec!);
      assert.deepEqual(strayFields({ ...object, metadata: { annotations } }, "V1Ingress"), []);
    }
    const { annotations, apiVersion, kind, spec } = wayIn(found.grafana!);
    assert.deepEqual([apiVersion, kind], ["networking.k8s.io/v1", "Ingress"]);
    assert.equal(annotations["cert-manager.io/cluster-issuer"], "letsencrypt");
    const backend = { service: { name: "grafana", port: { number: 80 } } };
    assert.deepEqual(spec, {
      ingressClassName: "nginx",
      tls: [{ hosts: ["logs.example.com"], secretName: "public" }],
      rules: [{ host: "logs.example.com", http: { paths: [{ path: "/grafana", pathType: "Prefix", backend }] } }],
    });
    assert.equal(wayIn(found.gateway!).annotations["example.com/a"], "b");
    assert.deepEqual(wayIn(found.gateway!).spec.tls, [{ hosts: [host] }]);
  });

  it("a stray field would be found", () => {
    const stray = { spec: { tls: [{ host }], rules: [{ http: { paths: [{ backend: { serviceName: "x" } }] } }] } };
    assert.deepEqual(strayFields(stray, "V1Ingress"), [
      "V1Ingress.spec.tls[0].host",
      "V1Ingress.spec.rules[0].http.paths[0].backend.serviceName",
    ]);
  });

  it("are an HTTPRoute in the form of its reference", () => {
    const parent = { name: "public", namespace: "gateway-system", section: "https" };
    const found = ways({
      grafana: { url: "https://grafana.example.com" },
      gateway,
      exposure: { grafana: { kind: "route", parent }, gateway: { kind: "route", parent: { name: "public" }, host } },
    });
    for (const spec of Object.values(found)) {
      const { apiVersion, kind, spec: route } = wayIn(spec!);
      assert.deepEqual([apiVersion, kind], ["gateway.networking.k8s.io/v1", "HTTPRoute"]);
      httpRoute.parse(route);
    }
    const spec = httpRoute.parse(wayIn(found.grafana!).spec);
    assert.deepEqual(spec.parentRefs, [{ name: "public", namespace: "gateway-system", sectionName: "https" }]);
    assert.deepEqual(spec.rules[0]?.matches, [{ path: { type: "PathPrefix", value: "/" } }]);
    assert.deepEqual(spec.rules[0]?.backendRefs, [{ name: "grafana", port: 80 }]);
  });

  it("lead to the gateway's TLS port where it has one", () => {
    const exposure = { gateway: { kind: "ingress", host } };
    const port = (tls: object) => ways({ gateway, exposure, tls }).gateway?.service.port;
    assert.deepEqual([port({}), port({ certificates: "given" })], [80, 443]);
  });
});
