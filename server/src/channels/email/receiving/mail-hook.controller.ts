import { Controller, Param, Post, Req } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Public } from '../../../identity/access/access.decorators.js';
import { InboxLookup } from '../../../inboxes/inbox-lookup.service.js';
import { answers } from '../../../platform/http/answers.js';
import { notFound, unprocessable } from '../../../platform/http/problem.js';
import { StreamsBody, streamedBody } from '../../../platform/http/streamed-body.js';
import { ReceiveMail } from './receive-mail.service.js';
import type { MailEnvelope } from './raw-mails.repository.js';

const Received = z.object({ id: z.int(), duplicate: z.boolean() }).meta({ id: 'ReceivedMail' });
const TYPES = /^(message\/rfc822|message\/global|application\/octet-stream|text\/plain)\b/i;

/** Takes mail over HTTP, e.g. from a pipe of Postfix: `curl --data-binary @- -H 'Content-Type: message/rfc822' <inbound_url>`. */
@Public()
@Controller('hooks/email')
export class MailHookController {
  constructor(private readonly inboxes: InboxLookup, private readonly receiving: ReceiveMail) {}

  /** The raw mail as the body. 200 only when it is kept for good; anything else means: try again later. */
  @Post(':token')
  @StreamsBody()
  @ApiConsumes('message/rfc822')
  @answers(Received)
  async receive(@Param('token') token: string, @Req() request: FastifyRequest): Promise<z.infer<typeof Received>> {
    const { type, stream } = streamedBody(request);
    try {
      const found = await this.inboxes.byPublicToken(token, 'email');
      if (!found) throw notFound();
      if (!TYPES.test(type)) throw unprocessable('Send the mail as it is, as message/rfc822.');
      if (request.headers['content-length'] === '0') throw unprocessable('There is no mail in this request.');
      return await this.receiving.receive(found.accountId, found.inbox.id, { source: 'http', bytes: stream.iterator({ destroyOnReturn: false }), envelope: envelopeOf(request) });
    } catch (error) {
      // Read to its end, so that the sender hears the answer instead of a broken connection.
      stream.unpipe();
      stream.resume();
      throw error;
    }
  }
}

/** What the mail server knows and the mail does not say. Postfix hands it over as headers of the request, if it is told to. */
function envelopeOf({ headers }: FastifyRequest): MailEnvelope {
  const text = (name: string): string | undefined => (typeof headers[name] === 'string' && headers[name] !== '' ? headers[name].slice(0, 1_000) : undefined);
  return { mail_from: text('x-envelope-from'), rcpt_to: text('x-envelope-to')?.split(',').map((address) => address.trim()), remote_ip: text('x-client-address'), helo: text('x-client-helo') };
}
