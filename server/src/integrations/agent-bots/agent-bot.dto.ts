import { z } from 'zod';
import { flatOrWrapped, formInt, formJson, freeObject, line, text } from '../../platform/http/schema-fields.js';
import { optionalImage } from '../../platform/storage/avatars.js';
import { imageAddress } from '../../platform/storage/remote-image.js';

const optional = {
  description: text(2_000).nullish(), outgoing_url: text(2_048).trim().nullish(), bot_type: z.enum(['webhook']).optional(), bot_config: formJson(freeObject).optional(),
  avatar: optionalImage, avatar_url: imageAddress,
};
export const CreateAgentBot = flatOrWrapped('agent_bot', z.object({ name: line(255), ...optional }));
export type CreateAgentBot = z.infer<typeof CreateAgentBot>;
export const UpdateAgentBot = flatOrWrapped('agent_bot', z.object({ name: line(255).optional(), ...optional }));
export type UpdateAgentBot = z.infer<typeof UpdateAgentBot>;
/** Null, 0 and nothing at all take the bot away. */
export const SetAgentBot = z.object({ agent_bot: formInt.nullish() });

export const AgentBotSchema = z.object({
  id: z.int(), name: z.string(), description: z.string().nullable(), thumbnail: z.string(), outgoing_url: z.string().nullable(), bot_type: z.string(), bot_config: z.record(z.string(), z.unknown()),
  account_id: z.int().nullable(), access_token: z.string().optional(), secret: z.string().optional(), system_bot: z.boolean(),
}).meta({ id: 'AgentBot' });
export type WireAgentBot = z.infer<typeof AgentBotSchema>;
export const InboxBot = z.object({ agent_bot: z.union([AgentBotSchema, z.object({}).strict()]) });
