// Opens every page in a real browser against a running server, in several languages, schemes and widths: takes pictures, and fails on
// what keeps people out (axe) and on errors of the page.
//
//   CLOVE_URL=http://localhost:8080 CLOVE_KEY=clove_... CLOVE_PICTURES=folder npm run e2e
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const url = process.env.CLOVE_URL ?? "http://localhost:8080";
const key = process.env.CLOVE_KEY;
const pictures = process.env.CLOVE_PICTURES ?? "pictures";
const only = process.env.CLOVE_ONLY?.split(",");
if (!key) throw new Error("CLOVE_KEY is the owner's key of the server");
mkdirSync(pictures, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const SETTINGS = [
  { name: "en-dark", language: "en", scheme: "dark", width: 1280 },
  { name: "en-phone", language: "en", scheme: "light", width: 390 },
  { name: "ar", language: "ar", scheme: "light", width: 1280 },
  { name: "ar-dark-phone", language: "ar", scheme: "dark", width: 390 },
  { name: "it", language: "it", scheme: "light", width: 1280 },
  { name: "fr-narrow", language: "fr", scheme: "light", width: 320 },
  // Last: its story adds an order.
  { name: "en", language: "en", scheme: "light", width: 1280 },
];

const PAGES = [
  ["home", "/"],
  ["customers", "/customers"],
  ["value", "/value"],
  ["lifecycle", "/lifecycle"],
  ["segments", "/segments"],
  ["segment", "/segments/late_good"],
  ["builder", "/segments/new"],
  ["products", "/products"],
  ["acquisition", "/acquisition"],
  ["data", "/data"],
  ["files", "/data?tab=files"],
  ["apart", "/data?tab=apart"],
  ["people", "/data?tab=people"],
  ["privacy", "/data?tab=privacy"],
  ["audit", "/data?tab=audit"],
  ["settings", "/data?tab=settings"],
];

const browser = await chromium.launch({
  executablePath: process.env.CLOVE_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

let faults = 0;
const fault = (where, what) => {
  faults += 1;
  console.error(`${where}: ${what}`);
};

/** Waits until the page is there and nothing of it is still awaited. The stream of changes stays open: the network never rests. */
async function settle(page) {
  await page.waitForSelector("nav");
  await page.waitForSelector("h1");
  await page.waitForFunction(() => !document.querySelector("[aria-busy], .mantine-Loader-root"), null, {
    timeout: 20_000,
  });
  await page.waitForTimeout(600);
  await page.waitForFunction(() => !document.querySelector("[aria-busy], .mantine-Loader-root"), null, {
    timeout: 20_000,
  });
}

async function check(page, where) {
  // What still fades in has not its contrast yet.
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running"));
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    // The axe script was put into the page before.
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }),
  );
  for (const violation of found.violations.filter((one) => ["serious", "critical"].includes(one.impact))) {
    const node = violation.nodes[0];
    fault(where, `${violation.id} (${violation.nodes.length}): ${node.target.join(" ")} ${node.failureSummary}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 1) fault(where, `the page is ${wide} px wider than the window`);
}

/** The session of the first sign-in: servers slow down who signs in again and again. */
let session;

for (const setting of SETTINGS.filter((one) => !only || only.includes(one.name))) {
  const context = await browser.newContext({
    viewport: { width: setting.width, height: 900 },
    colorScheme: setting.scheme,
    locale: setting.language,
    bypassCSP: false,
  });
  const page = await context.newPage();
  let where = setting.name;
  page.on("pageerror", (error) => fault(where, error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("401"))
      fault(where, `${message.text()} ${message.location().url}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:") && !request.url().startsWith("blob:")) {
      fault(where, `asked somebody else: ${request.url()}`);
    }
  });
  await page.goto(`${url}/`);
  await page.waitForSelector("input[name=key]");
  await check(page, `${where} sign-in`);
  await page.screenshot({ path: `${pictures}/sign-in.${setting.name}.png` });
  if (session) {
    await context.addCookies(session);
  } else {
    await page.goto("about:blank");
    await page.goto(`${url}/#key=${encodeURIComponent(key)}`);
    await page.waitForSelector("nav");
    if (page.url().includes("clove_")) fault(where, "the key stays in the address");
    session = await context.cookies();
  }
  for (const [name, path] of PAGES) {
    where = `${setting.name} ${name}`;
    await page.goto(url + path);
    await settle(page);
    const direction = await page.evaluate(() => document.documentElement.dir);
    if (direction !== (setting.language === "ar" ? "rtl" : "ltr")) fault(where, `the direction is ${direction}`);
    await check(page, where);
    await page.screenshot({ path: `${pictures}/${name}.${setting.name}.png`, fullPage: true });
  }
  if (setting.name === "en") await story(page, (what) => fault("story", what));
  await context.close();
}

/** What an owner does: opens an action, has a number explained, makes a segment, opens a customer, follows a link. */
async function story(page, wrong) {
  await page.goto(`${url}/`);
  await settle(page);
  await page.locator("section[aria-label='Net sales'] button").first().click();
  await page.getByRole("menuitem", { name: "Explain this number" }).click();
  await page.getByText("SELECT", { exact: false }).first().waitFor();
  await page.screenshot({ path: `${pictures}/explain.png` });
  await page.keyboard.press("Escape");

  await page.goto(`${url}/segments/new`);
  await settle(page);
  await page.getByLabel("Name").fill(`Tried by a browser ${Date.now()}`);
  await page.getByRole("button", { name: "Save the segment" }).click();
  await page.waitForURL(/segments\/seg_/);
  await settle(page);
  await page.screenshot({ path: `${pictures}/saved-segment.png`, fullPage: true });
  await page.locator("table a[href*='/customers/per_']").first().click();
  await page.waitForURL(/customers\/per_/);
  await settle(page);
  await check(page, "en profile");
  await page.screenshot({ path: `${pictures}/profile.png`, fullPage: true });
  await page.goBack();
  await settle(page);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.waitForURL(/segments(\?|$)/);

  await keptApart(page, wrong);
  await keys(page);
  await joinAndPart(page, wrong);
  await settings(page);

  // A link holds what is looked at.
  await page.goto(`${url}/?asOf=2026-03-31&span=90d&basis=gross`);
  await settle(page);
  const bar = (await page.locator(".bar").textContent()) ?? "";
  if (!bar.includes("gross") || !bar.includes("Mar 31, 2026")) wrong(`the bar says ${bar}`);

  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Find a page, segment or customer …").fill("vip");
  await page.keyboard.press("Enter");
  await page.waitForURL(/segments\/vip/);
  await settle(page);

  // A new order moves the figures without a reload.
  await page.goto(`${url}/?span=30d`);
  await settle(page);
  const tile = page.locator("section[aria-label='Net sales'] .figure-button");
  const before = await tile.textContent();
  const order = {
    id: `browser-${Date.now()}`,
    placed_at: new Date().toISOString(),
    updated_at: new Date().toISOString(),
    status: "paid",
    currency: "EUR",
    customer: { email: "browser@example.org" },
    gross: "123.00",
  };
  const answer = await fetch(`${url}/api/v1/orders?source=browser:e2e`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(order),
  });
  if (!answer.ok) wrong(`the order was answered ${answer.status}: ${await answer.text()}`);
  await page.waitForFunction(
    (text) => document.querySelector("section[aria-label='Net sales'] .figure-button")?.textContent !== text,
    before,
    { timeout: 20_000 },
  );
}

/** Something to the API as a program would. */
async function send(path, body) {
  const answer = await fetch(url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { ok: answer.ok, status: answer.status, text: await answer.text() };
}

/** A button of the open dialog. */
function inDialog(page, name) {
  return page.getByRole("dialog").getByRole("button", { name });
}

/** An order that makes no sense is mended, another thrown away. */
async function keptApart(page, wrong) {
  for (const number of [1, 2]) {
    const message = {
      type: "track",
      event: "Order Completed",
      messageId: `browser-${number}-${Date.now()}`,
      userId: "browser",
      properties: { order_id: `B-${number}-${Date.now()}`, total: "abc", currency: "EUR" },
    };
    const answer = await send("/v1/track?source=web:browser", { ...message, writeKey: key });
    if (!answer.ok) wrong(`the event was answered ${answer.status}: ${answer.text}`);
  }
  await page.goto(`${url}/data`);
  await settle(page);
  await page.getByRole("link", { name: "See which" }).click();
  await settle(page);
  const rows = page.getByRole("button", { name: "Mend and retry" });
  const before = await rows.count();
  await rows.first().click();
  const editor = page.getByRole("dialog").getByRole("textbox");
  await editor.fill((await editor.inputValue()).replace('"abc"', '"19.90"'));
  await check(page, "en mend");
  await inDialog(page, "Try again").click();
  await page.getByText("The record was taken.").waitFor();
  await page.getByRole("button", { name: "Discard" }).first().click();
  await inDialog(page, "Discard").click();
  await page.waitForFunction(
    (count) => [...document.querySelectorAll("button")].filter((one) => one.textContent === "Discard").length === count,
    before - 2,
  );
}

/** A key is made, shown once, and withdrawn. */
async function keys(page) {
  await page.goto(`${url}/data?tab=people`);
  await settle(page);
  const name = `browser ${Date.now()}`;
  await page.getByRole("button", { name: "Add a key" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await check(page, "en key");
  await inDialog(page, "Make the key").click();
  await page
    .getByRole("dialog")
    .getByText(/^clove_/)
    .waitFor();
  await page.screenshot({ path: `${pictures}/new-key.png` });
  await inDialog(page, "I have kept it").click();
  const row = page.getByRole("row", { name });
  await row.getByRole("button", { name: "Withdraw" }).click();
  await inDialog(page, "Withdraw").click();
  await row.getByText("withdrawn").waitFor();
}

/** Two customers become one, and two again. */
async function joinAndPart(page, wrong) {
  await page.goto(`${url}/customers`);
  await settle(page);
  await page.getByRole("searchbox").fill("karim");
  await page.getByRole("heading", { name: "Found" }).waitFor();
  await page.locator("table a[href*='/customers/per_']").first().click();
  await page.waitForURL(/customers\/per_/);
  await settle(page);
  await page.getByRole("button", { name: "Join with another" }).click();
  await page.getByRole("dialog").getByLabel("With whom").fill("yusuf");
  await page.getByRole("option").first().click();
  await check(page, "en join");
  await inDialog(page, "Join with another").click();
  await page.getByText("They are one customer now.").waitFor();
  await settle(page);
  if (!(await page.getByText("by hand", { exact: true }).count())) wrong("the profile shows no merge by hand");
  await page.getByRole("button", { name: "Part them" }).last().click();
  await inDialog(page, "Part them").click();
  await page.getByText("They are two customers again.").waitFor();
}

/** The zone is changed by the form, and changed back. */
async function settings(page) {
  for (const zone of ["Europe/Bucharest", "Europe/Rome"]) {
    await page.goto(`${url}/data?tab=settings`);
    await settle(page);
    const field = page.getByRole("combobox", { name: "Time zone of the shop" });
    await field.fill(zone);
    await page.getByRole("option", { name: zone }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved.").waitFor();
    // Figures follow once all of them are reckoned by the other clock.
    for (let tries = 0; tries < 60; tries += 1) {
      const answer = await fetch(`${url}/api/v1/settings`, { headers: { authorization: `Bearer ${key}` } });
      if (!(await answer.json()).rebuilding) break;
      await page.waitForTimeout(500);
    }
  }
}

await browser.close();
console.log(faults === 0 ? "every page is as it should be" : `${faults} faults`);
process.exit(faults === 0 ? 0 : 1);
