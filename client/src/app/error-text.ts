import type { ApiError } from '../api/errors';
import { i18n } from './i18n';

/** What happened and what to do, in the person's language. The server's own words are used for a 422, where they name the rule. */
export function errorText(error: ApiError): string {
  const { t } = i18n.global;
  if (error.offline) return t('errors.offline');
  if (error.status === 429) return error.retryAfter ? t('errors.tooMany', { seconds: error.retryAfter }) : t('errors.tooManyShort');
  if (error.status === 422) return withoutFieldName(error) || t('errors.invalid');
  if (error.status === 401 || error.status === 403) return t('errors.forbidden');
  if (error.status === 404) return t('errors.notFound');
  if (error.status === 413) return t('errors.tooLarge');
  return t('errors.unexpected');
}

/** The server names the field first (`allowed_domains: …`); the form shows the message beside it anyway. */
function withoutFieldName(error: ApiError): string {
  const field = error.fields.find((name) => error.message.startsWith(`${name}: `));
  return field ? error.message.slice(field.length + 2) : error.message;
}

/** The message for one field of a form, or undefined when the error is not about it. */
export function fieldError(error: ApiError | undefined, ...names: string[]): string | undefined {
  return error?.status === 422 && error.fields.some((field) => names.includes(field)) ? errorText(error) : undefined;
}

/** The message for the form as a whole: everything that no listed field shows. */
export function formError(error: ApiError | undefined, ...shownFields: string[]): string | undefined {
  if (!error || (error.status === 422 && error.fields.some((field) => shownFields.includes(field)))) return undefined;
  return errorText(error);
}
