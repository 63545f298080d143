import assert from "node:assert/strict";

import { tagMoves } from "../../../domain/version";
import { alloyValues } from "../../../render/alloy/values";
import { grafanaValues } from "../../../render/grafana/values";
import { lokiConfig } from "../../../render/loki/config";
import { minioValues } from "../../../render/minio/values";
import { planOf } from "../../../render/plan";
import { settingsFor } from "../../support/stack";
import type { Tree } from "../../support/tree";

describe("no part updates itself", () => {
  for (const profile of ["dev", "prod"] as const) {
    const settings = settingsFor(profile);
    const plan = planOf(settings);

    it(`${profile}: Grafana installs and replaces no plug-in, and asks for none`, () => {
      const ini = (grafanaValues(plan.grafana!) as Tree)["grafana.ini"] as Tree;
      assert.deepEqual(ini.plugins, {
        preinstall_disabled: true,
        preinstall_auto_update: false,
        public_key_retrieval_disabled: true,
      });
      for (const key of ["check_for_updates", "check_for_plugin_updates", "reporting_enabled"])
        assert.equal(ini.analytics?.[key], false, key);
      assert.equal((grafanaValues(plan.grafana!) as Tree).plugins, undefined);
    });

    it(`${profile}: MinIO, Loki and Alloy ask nobody for versions, and report to nobody`, () => {
      assert.equal((minioValues(plan.minio!) as Tree).environment?.MINIO_UPDATE, "off");
      assert.equal((lokiConfig(plan.loki) as Tree).analytics?.reporting_enabled, false);
      assert.equal((alloyValues(plan.alloy) as Tree).alloy?.enableReporting, false);
    });

    it(`${profile}: each image and each chart has an exact version`, () => {
      const { images, charts } = settings;
      for (const [name, image] of Object.entries(images))
        if (typeof image === "object" && "tag" in image) assert.ok(!tagMoves(image.tag), name);
      for (const { version } of Object.values(charts)) assert.match(version, /^\d+\.\d+\.\d+$/);
    });
  }
});
