import { Global, Module, type DynamicModule } from '@nestjs/common';
import { ContactAvatars } from '../contacts/contact-avatars.service.js';
import { ContactsRepository } from '../contacts/contacts.repository.js';
import { ExportsRepository } from '../contacts/transfer/exports.repository.js';
import { ImportsRepository } from '../contacts/transfer/imports.repository.js';
import { AttachmentsRepository } from '../conversations/attachments/attachments.repository.js';
import { EraseConversations } from '../conversations/erasure/erase-conversations.service.js';
import { ErasureRepository } from '../conversations/erasure/erasure.repository.js';
import { MessagesRepository } from '../conversations/messages/messages.repository.js';
import { Events } from '../delivery/events.js';
import { RelayWake } from '../delivery/relay-wake.js';
import { IdentityModule } from '../identity/identity.module.js';
import { Clock } from '../platform/clock/clock.js';
import { ConfigModule } from '../platform/config/config.module.js';
import type { Config } from '../platform/config/config.js';
import type { CryptoModule } from '../platform/crypto/crypto.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { LoggingModule } from '../platform/logging/logging.module.js';
import { Log } from '../platform/logging/log.js';
import { MailerModule } from '../platform/mailer/mailer.module.js';
import { StorageModule } from '../platform/storage/storage.module.js';
import { BackupModule } from '../operations/backup/backup.module.js';
import { DoctorModule } from '../operations/doctor/doctor.module.js';
import { ResealingRepository } from '../operations/resealing/resealing.repository.js';
import { CountingModule } from '../reports/counting/counting.module.js';
import { AdministratorProof } from './administrator-proof.service.js';
import { COMMANDS } from './commands.js';
import { ChangeSecretKey } from './keys/change-secret-key.service.js';
import { RotateDataKeys } from './keys/rotate-data-keys.service.js';
import { SealedValues } from './keys/sealed-values.repository.js';
import { StoredUses } from './keys/stored-uses.service.js';

/** Events are written as ever; the running installation's relay finds them. */
@Global()
@Module({ providers: [Events, RelayWake], exports: [Events, RelayWake] })
class OutboxOnlyModule {}

/** What erasing a person needs, without the doors and subscribers of conversations. */
@Module({
  providers: [EraseConversations, ErasureRepository, MessagesRepository, AttachmentsRepository, ContactAvatars, ContactsRepository, ExportsRepository, ImportsRepository],
  exports: [EraseConversations, ErasureRepository, ContactsRepository],
})
class ErasingModule {}

/** The part of the server that administration commands need: no HTTP, no queues, no relay. */
@Module({})
export class SetupModule {
  static with(config: Config, log: Log, clock: Clock, keys: DynamicModule | typeof CryptoModule): DynamicModule {
    return {
      module: SetupModule,
      imports: [
        ConfigModule.with(config), LoggingModule.with(log, clock), keys, DatabaseModule, MailerModule, StorageModule, OutboxOnlyModule, IdentityModule, BackupModule, DoctorModule, CountingModule,
        ErasingModule,
      ],
      providers: [AdministratorProof, RotateDataKeys, ChangeSecretKey, SealedValues, StoredUses, ResealingRepository, ...COMMANDS.map((command) => command.provider)],
    };
  }
}
