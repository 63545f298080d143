import assert from "node:assert/strict";
import { learnConfig, learnProgram, learnState } from "../../../../diff/gather/learning";
import { Mask, shown } from "../../../../diff/mask";
import { generatedBy } from "../../../support/recorder";
import { stackResources } from "../../../support/stack";

describe("what the mask learns early", () => {
  const hidden = (mask: Mask, text: string) => shown(mask.text(`before ${text} after`));

  it("are the passwords of a program, and a secret among the values of a chart", async () => {
    const mask = new Mask();
    const resources = await stackResources("dev");
    const [release] = resources.filter(({ type }) => type.endsWith(":Release"));
    learnProgram(mask, [
      ...resources,
      { ...release!, inputs: { values: { a: ["[secret]"] } }, clearInputs: { values: { a: ["planted value"] } } },
    ]);
    assert.equal(hidden(mask, "planted value"), "before [secret] after");
    const passwords = resources.filter(({ type }) => type.startsWith("random:"));
    assert.ok(passwords.length > 2);
    for (const { name } of passwords) assert.equal(hidden(mask, generatedBy(name)), "before [secret] after", name);
    assert.equal(
      hidden(mask, "logharbor-loki Recreate single-binary"),
      "before logharbor-loki Recreate single-binary after",
    );
  });

  it("are the passwords of a state, and not all that a provider notes of a release", () => {
    const mask = new Mask();
    const secret = (value: unknown) => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: JSON.stringify(value),
    });
    learnState(mask, [
      {
        urn: "u::a",
        type: "random:index/randomPassword:RandomPassword",
        outputs: { result: secret("planted password") },
      },
      {
        urn: "u::b",
        type: "kubernetes:helm.sh/v3:Release",
        inputs: { values: { a: secret("planted value") } },
        outputs: { __inputs: secret({ strategy: "RollingUpdate" }) },
      },
    ]);
    assert.equal(hidden(mask, "planted password"), "before [secret] after");
    assert.equal(hidden(mask, "planted value"), "before [secret] after");
    assert.equal(hidden(mask, "RollingUpdate"), "before RollingUpdate after");
  });

  it("are the password of chart repositories and a whole kubeconfig, but not the path of one", () => {
    const mask = new Mask();
    learnConfig(mask, { "charts:password": "planted", "kubernetes:kubeconfig": "users:\n- token: plantedtoken\n" });
    assert.equal(hidden(mask, "planted"), "before [secret] after");
    assert.equal(hidden(mask, "plantedtoken"), "before [secret] after");
    const other = new Mask();
    learnConfig(other, { "kubernetes:kubeconfig": "/home/me/kubeconfig" });
    assert.equal(hidden(other, "/home/me/kubeconfig"), "before /home/me/kubeconfig after");
  });
});
