"""Every case there is."""

from tests.faults.suite.rows import machine, one_reader, outages, redis, sending, stops, streams

CASES = (*sending.CASES, *stops.CASES, *one_reader.CASES, *outages.CASES, *redis.CASES, *streams.CASES, *machine.CASES)
