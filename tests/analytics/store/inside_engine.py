"""An engine without processes: the worker runs where the run does, so that faults can be put anywhere."""

from smartpd_analytics.store import _ingest, _work, _writing


class Inside:
    def __init__(self, job, _count):
        self.memory = bytearray(4 * 1_048_576)
        self._worker, self._answers = _work.Worker(job), []

    def slot(self):
        return None if self._answers else 0

    def parse(self, block, length):
        self._answers.append(self._worker.parse(block, bytes(self.memory[:length])))

    def write(self, wave, generation, blocks):
        self._answers.append((wave, self._worker.write(wave, generation, blocks)))
        return 1

    def answers(self):
        found, self._answers = self._answers, []
        return found

    def close(self):
        pass


#: Waves of a few blocks, so that a small log has many commits.
SMALL = ((_writing, "Pool", Inside), (_ingest, "WAVE_BYTES", 60_000), (_ingest, "BLOCK", 20_000))
