import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Log } from '../logging/log.js';
import { MinuteCounts } from './minute-counts.js';
import { RedisConnections } from './redis-connections.js';
import { redisPrefix } from './redis-prefix.js';

const connections = async (config: Config, log: Log): Promise<RedisConnections> =>
  new RedisConnections(config, log, config.REDIS_URL ? await redisPrefix(config) : config.REDIS_PREFIX);

@Global()
@Module({ providers: [{ provide: RedisConnections, inject: [CONFIG, Log], useFactory: connections }, MinuteCounts], exports: [RedisConnections, MinuteCounts] })
export class RedisModule {}
