import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// While developing, requests of the API go to a running server; CLOVE_SERVER says where it is.
const server = process.env.CLOVE_SERVER ?? "http://127.0.0.1:8080";

const proxy = Object.fromEntries(
  ["/api", "/v1", "/webhooks"].map((path) => [path, { target: server, changeOrigin: false }]),
);

export default defineConfig({
  plugins: [react()],
  build: { target: "es2022", sourcemap: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: { proxy },
  preview: { proxy },
});
