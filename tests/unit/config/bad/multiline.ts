import { label, mistyped, whole, wrong, yesOrNo, type BadConfig } from "./rows";

const languages = "must be one of java, python, go, dotnet, node";
const re2 = "must be a regular expression in RE2's syntax";
const labelText = "must be a text without spaces and quotes, at most 253 letters long";

const rules = (...all: object[]) => ({ alloy: { multiline: { rules: all } } });

export const multiline: BadConfig[] = [
  ...wrong("alloy.multiline.annotation", yesOrNo, "false", "yes", "java"),
  ...wrong("alloy.multiline.maxLines", whole(2, 10_000), "500", 1, "all"),
  ...wrong("alloy.multiline.maxWaitSeconds", whole(1, 60), "3", 0, "3s"),
  mistyped("alloy.multiline.annotations", true, "alloy.multiline.annotation"),
  [
    rules({ preset: "go", firstline: "^x" }),
    "alloy.multiline.rules[0].firstline",
    "is not a known setting",
    "did you mean alloy.multiline.rules[0].firstLine?",
  ],
  ...wrong("alloy.multiline.rules", "must be a list of rules, each with preset or firstLine", "[]", "java"),
  ...wrong("alloy.multiline.rules[0].preset", languages, "java", "Java", "ruby"),
  [rules({ namespace: "Shop", preset: "java" }), "alloy.multiline.rules[0].namespace", label, "write for example shop"],
  [rules({ app: 'a"b', preset: "go" }), "alloy.multiline.rules[0].app", labelText, "write for example web"],
  [
    rules({ firstLine: "[" }),
    "alloy.multiline.rules[0].firstLine",
    `${re2}: missing closing ]: \`[\``,
    "write for example ^\\d{4}-\\d{2}-\\d{2} ",
  ],
  [
    rules({ firstLine: ".*" }),
    "alloy.multiline.rules[0].firstLine",
    "matches the empty text, so it would match every line and join none",
    "write what each first line begins with",
  ],
  [
    rules({ namespace: "shop" }),
    "alloy.multiline.rules[0]",
    "does not say what to join",
    "set one of preset and firstLine",
  ],
  [
    rules({ preset: "go", firstLine: "^x" }),
    "alloy.multiline.rules[0]",
    "has a preset and a firstLine",
    "leave one of them out",
  ],
  [
    rules({ preset: "go" }, { namespace: "shop", preset: "java" }),
    "alloy.multiline.rules[1]",
    "never applies: rule 0 fits each of its containers",
    "write it before that one",
  ],
];
