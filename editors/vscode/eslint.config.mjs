import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist", "node_modules"]),
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreVoidReturningFunctions: true }],
      // node:test gathers the tests itself.
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", name: "test", package: "node:test" }] },
      ],
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/say.ts"],
    rules: {
      // `say` alone shows messages, lists, questions and tooltips: it makes their texts plain.
      "no-restricted-syntax": [
        "error",
        ...[
          "MemberExpression[property.name=/^(show(Information|Warning|Error)Message|showQuickPick|showInputBox)$/]",
          "MemberExpression[property.name=/^(create(QuickPick|InputBox)|setStatusBarMessage|withProgress)$/]",
          "NewExpression[callee.property.name='MarkdownString']",
        ].map((selector) => ({ selector, message: "src/say.ts does this, with plain text" })),
      ],
    },
  },
  {
    files: ["**/*.{mjs,cjs}"],
    languageOptions: {
      globals: {
        Buffer: false,
        exports: true,
        module: true,
        performance: false,
        process: false,
        require: false,
        setTimeout: false,
      },
    },
  },
);
