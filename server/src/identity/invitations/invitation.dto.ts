import { z } from 'zod';
import { personName, text } from '../../platform/http/schema-fields.js';
import { typedPassword, wantedSession } from '../sign-in/sign-in.dto.js';

const token = text(500).min(1, 'is missing');

export const InvitationQuery = z.object({ token });
export const Invitation = z.object({ email: z.string(), name: z.string(), account_name: z.string(), has_password: z.boolean() }).meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof Invitation>;

export const AcceptInvitation = z.object({ invitation_token: token, name: personName(255).optional(), password: typedPassword, session: wantedSession }).meta({ id: 'AcceptInvitation' });
export type AcceptInvitation = z.infer<typeof AcceptInvitation>;
