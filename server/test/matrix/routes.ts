import { call } from '../http.js';
import type { TestApp } from '../test-app.js';

/** One operation of the server's own description. */
export interface Route {
  method: string;
  /** As documented, with {names} in braces. */
  path: string;
  params: string[];
  /** Names of the JSON body's fields, of all its alternatives. */
  fields: string[];
}

type Schema = { $ref?: string; properties?: Record<string, unknown>; allOf?: Schema[]; anyOf?: Schema[]; oneOf?: Schema[] };
interface Operation { requestBody?: { content?: Record<string, { schema?: Schema }> } }

/** Every operation the server documents; a test elsewhere proves that it documents every route. */
export async function documentedRoutes(t: TestApp): Promise<Route[]> {
  const { body } = await call<{ paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } }>(t, null, 'GET', '/api/openapi.json');
  const fieldsOf = (schema: Schema | undefined): string[] => {
    if (!schema) return [];
    if (schema.$ref) return fieldsOf(body.components.schemas[schema.$ref.split('/').at(-1)!]);
    return [...Object.keys(schema.properties ?? {}), ...[...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(fieldsOf)];
  };
  return Object.entries(body.paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => ({
    method: method.toUpperCase(), path, params: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!),
    fields: [...new Set(Object.values(operation.requestBody?.content ?? {}).flatMap(({ schema }) => fieldsOf(schema)))],
  })));
}

/** The route's path with these values in it; what is not named becomes `rest`. */
export const fill = (route: Route, values: Record<string, string | number>, rest: string | number): string =>
  route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name] ?? rest)));

export const nameOf = (route: Route): string => `${route.method} ${route.path}`;
