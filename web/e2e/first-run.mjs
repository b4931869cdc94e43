// The first minutes of a shop without orders, against a server that was started anew: a file is handed in, the page stays while it is taken in,
// tells the first answers, and is left when its reader likes.
//
//   CLOVE_URL=http://localhost:8080 CLOVE_KEY=clove_... CLOVE_ORDERS=orders.csv CLOVE_PICTURES=folder node e2e/first-run.mjs
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const { CLOVE_URL: url = "http://localhost:8080", CLOVE_KEY: key, CLOVE_ORDERS: orders } = process.env;
const pictures = process.env.CLOVE_PICTURES ?? "pictures";
if (!key || !orders) throw new Error("CLOVE_KEY and CLOVE_ORDERS say how to get in and what to hand in");
mkdirSync(pictures, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CLOVE_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
// The zone that browsers do not list among those that they know.
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en", timezoneId: "UTC" });
const page = await context.newPage();
page.on("pageerror", (error) => {
  throw error;
});
await page.goto(`${url}/#key=${encodeURIComponent(key)}`);
await page.getByRole("heading", { name: "Welcome" }).waitFor();
const zone = await page.getByRole("combobox", { name: "Time zone of the shop" }).inputValue();
if (zone !== "UTC") throw new Error(`the zone is '${zone}'`);
await page.screenshot({ path: `${pictures}/welcome.png`, fullPage: true });
await page.locator("input[type=file]").first().setInputFiles(orders);
await page.getByRole("button", { name: "Take it in" }).click();
await page.getByRole("button", { name: "See the figures" }).waitFor({ timeout: 60_000 });
await page.screenshot({ path: `${pictures}/welcome-reading.png`, fullPage: true });
await page.getByText("Everything is there.").waitFor({ timeout: 120_000 });
await page.getByRole("heading", { name: "Welcome" }).waitFor();
await page.screenshot({ path: `${pictures}/welcome-done.png`, fullPage: true });
await page.getByRole("button", { name: "See the figures" }).click();
await page.getByRole("heading", { name: "Home" }).waitFor();
await page.waitForTimeout(3_000);
await page.screenshot({ path: `${pictures}/first-home.png`, fullPage: true });
await browser.close();
console.log("the first run is as it should be");
