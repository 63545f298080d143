import { label, mistyped, wrong, type BadConfig } from "./rows";

const kinds = "authorization, url-password, aws, gcp, github, slack, private-key, jwt, card";
const re2 = "must be a regular expression in RE2's syntax";
const example = "customer=([0-9]{8})";

const pattern = (expression: string, name = "own") => ({ alloy: { mask: { patterns: [{ name, expression }] } } });
const refused = (expression: string, problem: string, remedy: string): BadConfig => [
  pattern(expression),
  "alloy.mask.patterns[0].expression",
  problem,
  remedy,
];

export const mask: BadConfig[] = [
  mistyped("alloy.masks", {}, "alloy.mask"),
  mistyped("alloy.mask.preset", ["jwt"], "alloy.mask.presets"),
  ...wrong("alloy.mask.presets", "must be a list of kinds of secrets", '["authorization","jwt"]', "all", true),
  ...wrong("alloy.mask.presets[0]", `must be one of ${kinds}`, "authorization", "password", "JWT"),
  ...wrong("alloy.mask.patterns", "must be a list of patterns, each with name and expression", "[]", "secret"),
  [pattern("x[0-9]", "Own name"), "alloy.mask.patterns[0].name", label, "write for example customer-number"],
  [pattern("x[0-9]", "jwt"), "alloy.mask.patterns[0].name", "is jwt again", "give each pattern a name of its own"],
  refused("", re2, `write for example ${example}`),
  refused("(id", `${re2}: missing closing ): \`(id\``, `write for example ${example}`),
  refused("id(?=x)", `${re2}: invalid or unsupported Perl syntax: \`(?=\``, `write for example ${example}`),
  refused("(a)\\1", `${re2}: invalid escape sequence: \`\\1\``, `write for example ${example}`),
  refused("[0-9]{1,5000}", `${re2}: invalid repeat count: \`{1,5000}\``, `write for example ${example}`),
  refused("x*", "matches the empty text, so it would match every line", "write what must be there"),
  refused(".+", "matches every ordinary line, so it would blank all logs", "write what is around the secret"),
  refused("[a-z]", "matches every ordinary line, so it would blank all logs", "write what is around the secret"),
  refused("id=(?P<id>[0-9]+)", "names its group id, which means nothing here", "write ( ) without a name"),
];
