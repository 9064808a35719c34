import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { queries } from "./queries";
import { Shell } from "./Shell";
import { theme } from "./theme";

export function App() {
  return (
    <MantineProvider theme={theme} forceColorScheme="light">
      <QueryClientProvider client={queries}>
        <Shell />
      </QueryClientProvider>
    </MantineProvider>
  );
}
