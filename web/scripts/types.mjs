// Makes src/api/schema.ts of the API's document as it is published (a snapshot that the server's tests keep).
import { readFileSync, writeFileSync } from "node:fs";
import openapi, { astToString } from "openapi-typescript";
import { format } from "prettier";

const snapshot = readFileSync("../crates/clove/tests/server/snapshots/openapi.snap", "utf8");
const document = JSON.parse(snapshot.slice(snapshot.indexOf("{", snapshot.indexOf("\n---\n"))));
const types = astToString(await openapi(document));
const text = `// Made by \`npm run types\` of the API's document: not to be edited.\n${types}`;
writeFileSync("src/api/schema.ts", await format(text, { parser: "typescript", printWidth: 120 }));
