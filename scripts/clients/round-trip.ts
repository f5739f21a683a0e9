// Sends each documented example to the API and compares the replies: node round-trip.js ADDRESS OPENAPI.json
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Schemas = components["schemas"];
const [address, description] = process.argv.slice(2) as [string, string];
const told = JSON.parse(readFileSync(description, "utf8")).paths;
const client = createClient<paths>({ baseUrl: address, headers: { "x-api-key": "local" } });

function example<Body>(path: string): { body: Body; reply: Record<string, unknown> } {
  const operation = told[path].post;
  const body = operation.requestBody.content["application/json"].example as Body;
  return { body, reply: operation.responses["200"].content["application/json"].example };
}

function compare(path: string, reply: Record<string, unknown>, data: object | undefined): void {
  const { meta: _, ...documented } = reply;
  const { meta: __, ...answered } = { ...data } as Record<string, unknown>;
  const same = JSON.stringify(sorted(documented)) === JSON.stringify(sorted(answered));
  console.log(`${path} ${same ? "same" : "differs"}`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).sort().map(([name, one]) => [name, sorted(one)]));
}

const score = example<Schemas["Demande"]>("/v1/score");
compare("/v1/score", score.reply, (await client.POST("/v1/score", { body: score.body })).data);
const lot = example<Schemas["LotDeDemandes"]>("/v1/score/batch");
compare("/v1/score/batch", lot.reply, (await client.POST("/v1/score/batch", { body: lot.body })).data);
const levers = example<Schemas["Demande"]>("/v1/leviers");
compare("/v1/leviers", levers.reply, (await client.POST("/v1/leviers", { body: levers.body })).data);
const dossier = example<Schemas["Dossier"]>("/v1/dossier");
compare("/v1/dossier", dossier.reply, (await client.POST("/v1/dossier", { body: dossier.body })).data);
const refused = await client.POST("/v1/score/batch", { body: { ...lot.body, identifiants: [] } });
console.log(`refusal ${refused.error?.problemes?.[0]?.code}`);
