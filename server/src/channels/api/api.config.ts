import { z } from 'zod';
import { AddressRefused, type AddressGuard } from '../../platform/outbound-http/address-guard.js';
import { formBool, formJson, freeObject, text } from '../../platform/http/schema-fields.js';

/** Settings of an API inbox, in wire names. An address that we would not go to is refused when it is given, not when the first message is due. */
export const apiConfigSchema = (guard: AddressGuard) => z.object({
  webhook_url: text(2_048).trim().transform((address, context) => {
    if (address === '') return null;
    try {
      return guard.parse(address).toString();
    } catch (error) {
      if (!(error instanceof AddressRefused)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  }).nullish(),
  hmac_mandatory: formBool.optional(),
  additional_attributes: formJson(freeObject).nullish(),
});

export interface ApiConfig { webhook_url: string | null; hmac_mandatory: boolean; additional_attributes: Record<string, unknown> }

export const DEFAULT_CONFIG: ApiConfig = { webhook_url: null, hmac_mandatory: false, additional_attributes: {} };

/** The settings of a stored inbox, complete. They were checked when they were stored. */
export const apiConfig = (stored: Record<string, unknown>): ApiConfig => {
  const given = stored as Partial<ApiConfig>;
  return { webhook_url: given.webhook_url ?? null, hmac_mandatory: given.hmac_mandatory ?? false, additional_attributes: given.additional_attributes ?? {} };
};
