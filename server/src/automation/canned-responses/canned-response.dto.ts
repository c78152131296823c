import { z } from 'zod';
import { flatOrWrapped, line, text } from '../../platform/http/schema-fields.js';

const content = text(10_000).refine((v) => v.trim() !== '', 'cannot be empty');
export const CreateCannedResponse = flatOrWrapped('canned_response', z.object({ short_code: line(100), content }));
export type CreateCannedResponse = z.infer<typeof CreateCannedResponse>;
export const UpdateCannedResponse = flatOrWrapped('canned_response', z.object({ short_code: line(100).optional(), content: content.optional() }));
export type UpdateCannedResponse = z.infer<typeof UpdateCannedResponse>;
export const ListCannedResponses = z.object({ search: text(255).optional() });
export const CannedResponseSchema = z.object({
  id: z.int(), account_id: z.int(), short_code: z.string(), content: z.string(), created_at: z.string(), updated_at: z.string(),
}).meta({ id: 'CannedResponse' });
export type WireCannedResponse = z.infer<typeof CannedResponseSchema>;
