/** The fields of a form as Rails' clients write them: `a[b]=1`, `c[]=2`. What is null is sent empty. */
export function formOf(value: unknown, name = ''): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((one) => formOf(one, `${name}[]`));
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, one]) => formOf(one, name ? `${name}[${key}]` : key));
  return [[name, value === null || value === undefined ? '' : String(value)]];
}
