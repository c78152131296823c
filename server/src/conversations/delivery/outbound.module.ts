import { Module } from '@nestjs/common';
import { DrainConversationJob, WakeConversationJob } from './drain-conversation.job.js';
import { ForgetReceipts } from './forget-receipts.job.js';
import { OutboundMessageReader } from './outbound-message.reader.js';
import { OutboundRepository } from './outbound.repository.js';
import { SendWaiting } from './send-waiting.service.js';
import { SweepOutbound } from './sweep-outbound.job.js';

/** Sends what waits: the worker's side of outgoing messages (taking them in is OutboundQueue's). Also forgets old receipts of incoming ones. */
@Module({ providers: [DrainConversationJob, WakeConversationJob, SweepOutbound, ForgetReceipts, SendWaiting, OutboundRepository, OutboundMessageReader] })
export class OutboundModule {}
