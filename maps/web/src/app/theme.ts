/** Mantine's components in the colours and the type of the workbench. */
import { createTheme, type MantineColorsTuple } from "@mantine/core";

const green: MantineColorsTuple = [
  "#f0f7f3",
  "#dcebe2",
  "#b8d6c5",
  "#90bfa5",
  "#69a888",
  "#3f8f6b",
  "#2b7553",
  "#1d6042",
  "#14532d",
  "#0d3b20",
];

export const FONTS =
  '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",system-ui,sans-serif';

export const theme = createTheme({
  primaryColor: "green",
  primaryShade: 8,
  colors: { green },
  fontFamily: FONTS,
  headings: { fontFamily: FONTS, fontWeight: "600" },
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "18px" },
  defaultRadius: "md",
  cursorType: "pointer",
  components: {
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, fz: "xs" } },
    Button: { defaultProps: { size: "xs" } },
    TextInput: { defaultProps: { size: "xs" } },
    Select: { defaultProps: { size: "xs", allowDeselect: false } },
    NumberInput: { defaultProps: { size: "xs" } },
    Modal: { defaultProps: { centered: true } },
  },
});
