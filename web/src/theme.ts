import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The green of the brand, from a tint that backgrounds bear to a shade that text bears. */
const clove: MantineColorsTuple = [
  "#eefaf7",
  "#d9f0ea",
  "#b1e1d5",
  "#84d0be",
  "#5fc1aa",
  "#3fae96",
  "#1f9480",
  "#0f7a69",
  "#0f6b62",
  "#0b5049",
];

export const theme = createTheme({
  primaryColor: "clove",
  primaryShade: { light: 8, dark: 7 },
  colors: { clove },
  autoContrast: true,
  defaultRadius: "md",
  fontFamily: '"Inter Variable", "Noto Sans Arabic Variable", system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "1.5rem" }, h2: { fontSize: "1.5rem" }, h4: { fontSize: "1.0625rem" } },
  },
  cursorType: "pointer",
});
