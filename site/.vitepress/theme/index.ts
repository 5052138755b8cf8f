import type { Theme } from "vitepress";
import theme from "vitepress/theme-without-fonts";
import { Picture } from "./picture.ts";
import { Playground } from "./playground.ts";
import "./style.css";

export default {
  extends: theme,
  enhanceApp: ({ app }) => void app.component("Picture", Picture).component("Playground", Playground),
} satisfies Theme;
