import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./fonts.css";
import "./styles.css";

import { DirectionProvider, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiProblem } from "./api/client";
import { App } from "./app/App";
import { SpeechProvider, loadMessages } from "./i18n";
import { languageOfPage } from "./i18n/languages";
import { theme } from "./theme";

const language = languageOfPage();
const messages = await loadMessages(language);
const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the server refused it will refuse again.
      retry: (count, error) => count < 2 && !(error instanceof ApiProblem && error.status < 500),
    },
  },
});

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");
createRoot(root).render(
  <StrictMode>
    <DirectionProvider initialDirection={language === "ar" ? "rtl" : "ltr"} detectDirection={false}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <SpeechProvider language={language} messages={messages}>
          <QueryClientProvider client={client}>
            <Notifications position="bottom-center" />
            <App />
          </QueryClientProvider>
        </SpeechProvider>
      </MantineProvider>
    </DirectionProvider>
  </StrictMode>,
);
