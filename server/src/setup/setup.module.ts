import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Events } from '../delivery/events.js';
import { RelayWake } from '../delivery/relay-wake.js';
import { IdentityModule } from '../identity/identity.module.js';
import { Clock } from '../platform/clock/clock.js';
import { ConfigModule } from '../platform/config/config.module.js';
import type { Config } from '../platform/config/config.js';
import { CryptoModule } from '../platform/crypto/crypto.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { LoggingModule } from '../platform/logging/logging.module.js';
import { Log } from '../platform/logging/log.js';
import { MailerModule } from '../platform/mailer/mailer.module.js';
import { StorageModule } from '../platform/storage/storage.module.js';
import { BackupModule } from '../operations/backup/backup.module.js';
import { DoctorModule } from '../operations/doctor/doctor.module.js';
import { CountingModule } from '../reports/counting/counting.module.js';
import { AdministratorProof } from './administrator-proof.service.js';
import { COMMANDS } from './commands.js';

/** Events are written as ever; the running installation's relay finds them. */
@Global()
@Module({ providers: [Events, RelayWake], exports: [Events, RelayWake] })
class OutboxOnlyModule {}

/** The part of the server that administration commands need: no HTTP, no queues, no relay. */
@Module({})
export class SetupModule {
  static with(config: Config, log: Log, clock: Clock): DynamicModule {
    return {
      module: SetupModule,
      imports: [
        ConfigModule.with(config), LoggingModule.with(log, clock), CryptoModule, DatabaseModule, MailerModule, StorageModule, OutboxOnlyModule, IdentityModule, BackupModule, DoctorModule, CountingModule,
      ],
      providers: [AdministratorProof, ...COMMANDS.map((command) => command.provider)],
    };
  }
}
