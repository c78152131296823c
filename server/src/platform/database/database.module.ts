import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../config/config.js';
import { pooledDataSource } from './data-sources.js';
import { APP_DATA_SOURCE, SYSTEM_DATA_SOURCE, SystemWork, UnitOfWork } from './unit-of-work.js';

/** Two pools, one per database role, and the units of work on them. */
@Global()
@Module({
  providers: [
    { provide: APP_DATA_SOURCE, inject: [CONFIG], useFactory: (config: Config) => pooledDataSource(config, 'porchlight_app', config.DATABASE_POOL).initialize() },
    { provide: SYSTEM_DATA_SOURCE, inject: [CONFIG], useFactory: (config: Config) => pooledDataSource(config, 'porchlight_system', Math.max(4, Math.ceil(config.DATABASE_POOL / 2))).initialize() },
    UnitOfWork, SystemWork,
  ],
  exports: [UnitOfWork, SystemWork, APP_DATA_SOURCE, SYSTEM_DATA_SOURCE],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(APP_DATA_SOURCE) private readonly app: DataSource, @Inject(SYSTEM_DATA_SOURCE) private readonly system: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([this.app.destroy(), this.system.destroy()]);
  }
}
