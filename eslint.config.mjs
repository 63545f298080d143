import js from "@eslint/js";
import stylistic from "@stylistic/eslint-plugin";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules", "dist"] },
  {
    files: ["**/*.ts"],
    extends: [js.configs.recommended, ...tseslint.configs.recommendedTypeChecked],
    plugins: { "@stylistic": stylistic },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "max-lines": ["error", { max: 400, skipComments: true, skipBlankLines: true }],
      "max-params": ["error", { max: 3 }],
      eqeqeq: "error",
      // Prettier keeps code within 120 columns where it can; it never breaks a string or a comment.
      "@stylistic/max-len": ["error", { code: 140, comments: 120, ignoreRegExpLiterals: true }],
    },
  },
  {
    files: ["tests/e2e/**/*.test.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["it", "specify", "test", "xit"].map((name) => ({
          name,
          message: "Say which run has the test: core(title, test) or full(why, title, test) of tests/support/sizes.",
        })),
      ],
    },
  },
  {
    // Components are made for their effect.
    files: ["tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-floating-promises": ["error", { ignoreVoid: true }],
      // One more for the work that a helper of a test runs.
      "max-params": ["error", { max: 4 }],
    },
  },
);
