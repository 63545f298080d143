import assert from "node:assert/strict";

import { generatedBy, type Recorded } from "../../support/recorder";

const ownType =
  /^logharbor:index:(LoggingStack|Minio|ObjectStore|RemoteTier|Loki|Tenants|Alloy|Canary|Events|Grafana)$/;

export const types = {
  release: "kubernetes:helm.sh/v3:Release",
  namespace: "kubernetes:core/v1:Namespace",
  secret: "kubernetes:core/v1:Secret",
  configMap: "kubernetes:core/v1:ConfigMap",
  password: "random:index/randomPassword:RandomPassword",
  provider: "pulumi:providers:minio",
};

export const ofType = (resources: readonly Recorded[], type: string) =>
  resources.filter((resource) => resource.type === type);

export const named = (resources: readonly Recorded[], name: string) => {
  const found = resources.find((resource) => resource.name === name);
  assert.ok(found, `no resource ${name}`);
  return found;
};

/** All that must be there before this resource: dependencies, parents, and so on. */
export function allBefore(resources: readonly Recorded[], name: string): Set<string> {
  const seen = new Set<string>();
  const visit = (current: string) => {
    const { dependencies, parent } = named(resources, current);
    for (const next of [...dependencies, ...(parent === "" ? [] : [parent])]) {
      if (seen.has(next)) continue;
      seen.add(next);
      visit(next);
    }
  };
  visit(name);
  return seen;
}

/** Rules that every resource keeps, in the whole stack and in a component used alone. */
export function assertWellMade(resources: readonly Recorded[], root: string): void {
  const passwords = ofType(resources, types.password).map(({ name }) => generatedBy(name));
  for (const resource of resources) {
    const { name, type, parent, custom } = resource;
    if (name === root) assert.equal(parent, "", name);
    else assert.ok(parent !== "" && name.startsWith(`${parent}-`), `${name} is a child of "${parent}"`);
    assert.equal(custom, !ownType.test(type), `${name} has the type ${type}`);
    for (const password of passwords) {
      assert.ok(
        !JSON.stringify([resource.inputs, resource.outputs ?? {}]).includes(password),
        `${name} shows a password`,
      );
    }
  }
  assert.equal(new Set(resources.map(({ name }) => name)).size, resources.length, "names are distinct");
}
