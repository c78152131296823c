import { z } from 'zod';

export const RoleName = z.enum(['administrator', 'agent']);
export const AvailabilityName = z.enum(['online', 'busy', 'offline']);
export type AvailabilityName = z.infer<typeof AvailabilityName>;

export const Membership = z.object({
  id: z.int(), name: z.string(), status: z.enum(['active', 'suspended']), active_at: z.string().nullable(), role: RoleName, permissions: z.array(z.string()),
  availability: AvailabilityName, availability_status: AvailabilityName, auto_offline: z.boolean(),
}).meta({ id: 'Membership' });

export const User = z.object({
  id: z.int(), access_token: z.string(), account_id: z.int().nullable(), name: z.string(), available_name: z.string(), display_name: z.string().nullable(), avatar_url: z.string(),
  confirmed: z.boolean(), email: z.string(), message_signature: z.string().nullable(), inviter_id: z.int().nullable(), provider: z.literal('email'), pubsub_token: z.string(),
  custom_attributes: z.record(z.string(), z.unknown()).optional(), role: RoleName.nullable(), ui_settings: z.record(z.string(), z.unknown()), uid: z.string(), type: z.string().nullable(),
  accounts: z.array(Membership), locale: z.string().nullable(), timezone: z.string().nullable(), mfa_enabled: z.boolean(), mfa_setup_required: z.boolean(),
}).meta({ id: 'User' });
export type User = z.infer<typeof User>;
