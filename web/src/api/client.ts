import type { components } from "./schema";

/** What the server says when it cannot do what it was asked for. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly errors: components["schemas"]["FieldProblem"][],
    detail: string,
  ) {
    super(detail);
  }
}

async function problem(response: Response): Promise<ApiProblem> {
  const body = await response.json().catch(() => null);
  const detail = body?.detail ?? body?.title ?? response.statusText;
  return new ApiProblem(response.status, body?.code ?? "unreachable", body?.errors ?? [], detail);
}

async function send(method: string, path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(`/api/v1${path}`, { method, credentials: "same-origin", ...init });
  if (!response.ok) throw await problem(response);
  return response;
}

async function json<T>(response: Response): Promise<T> {
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

/** Query parameters; what is not given is left out. */
export type Parameters = Record<string, string | number | boolean | undefined>;

function query(parameters: Parameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `?${text}` : "";
}

export async function get<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
  return json(await send("GET", path + query(parameters), signal ? { signal } : {}));
}

export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { "content-type": "application/json" };
  return json(await send("POST", path, { headers, body: JSON.stringify(body), ...(signal ? { signal } : {}) }));
}

export async function change<T>(method: "PUT" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<T> {
  const content =
    body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return json(await send(method, path, content));
}

export async function upload<T>(path: string, parameters: Parameters, form: FormData): Promise<T> {
  return json(await send("POST", path + query(parameters), { body: form }));
}
