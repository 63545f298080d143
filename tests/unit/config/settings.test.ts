import assert from "node:assert/strict";

import { formatPath, metaOf, schemaAt, settingPaths } from "../../../config/paths";

describe("config: the settings", () => {
  for (const path of settingPaths()) {
    it(`${formatPath(path)} has a meaning and an example that is right`, () => {
      const [schema, meta] = [schemaAt(path), metaOf(schemaAt(path))];
      assert.match(meta?.description ?? "", /^[A-Z].*\.$/);
      const example = meta?.example ?? "";
      const asJson = () => JSON.parse(example) as unknown;
      assert.ok(schema?.safeParse(example).success === true || schema?.safeParse(asJson()).success === true, example);
    });
  }
});
