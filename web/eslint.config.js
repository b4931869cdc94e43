import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import typescript from "typescript-eslint";

export default typescript.config(
  { ignores: ["dist", "src/api/schema.ts", "public"] },
  js.configs.recommended,
  ...typescript.configs.strict,
  hooks.configs.flat.recommended,
  {
    rules: {
      // Left and right change places in Arabic: styles say where a line begins and ends.
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXAttribute[name.name=/^(ml|mr|pl|pr|left|right)$/]",
          message: "Use ms, me, ps, pe: the page is mirrored in Arabic.",
        },
      ],
    },
  },
  {
    files: ["scripts/**", "e2e/**"],
    languageOptions: { globals: { console: "readonly", process: "readonly", document: "readonly", fetch: "readonly" } },
  },
);
