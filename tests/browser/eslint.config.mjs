export { default } from "../../editors/browser/eslint.config.mjs";
