"""What a seed makes of `$urandom`: `seeds.py MODULE_DIR HOSTED`."""

import sys

sys.path.insert(0, sys.argv[1])
import fudsv

hosted = fudsv.load(sys.argv[2])


def first(seed):
    """The first random number of a model with this seed."""
    with hosted.new(seed=seed, output=lambda text: None) as dut:
        dut.eval()
        return int(dut.random)


# A thousand seeds beside each other: where the numbers fall among 16 equal parts is as chance has it. Chi-square with 15
# degrees of freedom is above 37.7 once in a thousand, and the numbers are always the same.
numbers = [first(seed) for seed in range(1, 1001)]
parts = [sum(number >> 28 == part for number in numbers) for part in range(16)]
assert sum((count - 62.5) ** 2 / 62.5 for count in parts) < 37.7, parts
assert len(set(numbers)) == 1000
assert numbers[:3] == [first(seed) for seed in (1, 2, 3)]

# Any number of 64 bits is a seed of its own.
others = [0, 1, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 32) + 1, 1 << 63, (1 << 64) - 1]
assert len({first(seed) for seed in others}) == len(others)
assert first(0) == first(0)
for seed in (-1, 1 << 64):
    try:
        first(seed)
    except fudsv.BadValue as error:
        assert str(error) == f"`seed` is a number from 0 to 18446744073709551615, not {seed}", error
    else:
        raise AssertionError(seed)
print("seeds: ok")
