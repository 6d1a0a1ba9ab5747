import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./client/schema.js";

const { COC_ENDPOINT = "https://coc.myhuaweicloud.com", COC_AUTH_TOKEN = "", COC_EXAMPLE = "example.json" } = process.env;
const client = createClient<paths>({ baseUrl: COC_ENDPOINT, headers: { "X-Auth-Token": COC_AUTH_TOKEN } });

async function list(body: components["schemas"]["ListIncidentsRequestBody"]) {
  const { data, error, response } = await client.POST("/v2/incidents/list", { body });
  if (!data?.data) throw new Error(`${response.status}: ${JSON.stringify(data ?? error)}`);
  return { total: data.data.total ?? 0, tickets: data.data.tickets ?? [] };
}

const example = await list(JSON.parse(readFileSync(COC_EXAMPLE, "utf8")));
const first = await list({ page: 1, per_page: 100 });
const second = await list({ page: 2, per_page: 100 });
const ids = new Set([...first.tickets, ...second.tickets].map((ticket) => ticket.ticket_id));
const years = first.tickets.map((ticket) => new Date(Number(ticket.create_time)).getUTCFullYear());
if (example.tickets.length === 0 || ids.size !== 200 || !years.every((year) => year > 2020)) throw new Error("wrong answer");
console.log(`${example.total} tickets like the example, ${first.total} in all`);
