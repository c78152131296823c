import type { ApiError } from '../../api/errors';
import { fieldError } from '../../app/error-text';
import { i18n } from '../../app/i18n';

/** What is wrong with a password, in the person's language, or undefined when the error is not about the field. */
export function passwordError(error: ApiError | undefined, field = 'password'): string | undefined {
  const text = fieldError(error, field);
  return text && error?.code?.startsWith('password_') ? i18n.global.t(`identity.${error.code}`) : text;
}
