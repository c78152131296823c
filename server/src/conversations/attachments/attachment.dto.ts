import { z } from 'zod';

export const FILE_TYPES = ['image', 'audio', 'video', 'file', 'location', 'fallback', 'share', 'story_mention', 'contact'] as const;

/** An attachment on the wire, in Chatwoot's shape and with the file's name. */
export const Attachment = z.object({
  id: z.int(), message_id: z.int(), account_id: z.int(), file_type: z.enum(FILE_TYPES),
  extension: z.string().nullable(), content_type: z.string().nullable(), file_name: z.string().nullable(),
  data_url: z.string(), thumb_url: z.string(), file_size: z.int(), width: z.int().nullable(), height: z.int().nullable(),
}).meta({ id: 'Attachment' });
export type Attachment = z.infer<typeof Attachment>;
