export { default } from "../../editors/vscode/eslint.config.mjs";
