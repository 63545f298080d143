import type { Profile } from "../../../config/settings";
import { types, type Resource } from "../../../policies/resource";
import { stackResources, type Overrides } from "../../support/stack";

/** What the engine shows the pack of a whole stack. */
export async function stack(profile: Profile, overrides: Overrides = {}): Promise<Resource[]> {
  const resources = await stackResources(profile, overrides);
  return resources.map(({ type, name, clearInputs, outputs, protect }) => ({
    type,
    name,
    props: { ...clearInputs, ...outputs },
    protect,
  }));
}

export const release = (props: Record<string, unknown>): Resource => ({
  type: types.release,
  name: "logharbor-x-release",
  props: { name: "x", chart: "x", version: "1.2.3", ...props },
  protect: false,
});

export const configMap = (data: Record<string, string>): Resource => ({
  type: types.configMap,
  name: "map",
  props: { data },
  protect: false,
});
