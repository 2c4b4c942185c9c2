using System;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.Bench;
using Shouldly;

namespace AotCompiler.Cli.Tests.Bench;

public sealed class LatenciesTests
{
    [Fact]
    public void QuantilesAreThoseOfTheDefinition()
    {
        var latencies = new Latencies();
        foreach (int value in Enumerable.Range(1, 200).Reverse())
        {
            latencies.Add(value);
        }

        latencies.Min.ShouldBe(1);
        latencies.Median.ShouldBe(100.5);
        latencies.P99.ShouldBe(198);
        latencies.Add(0.5);
        latencies.Min.ShouldBe(0.5);
        latencies.Median.ShouldBe(100);
    }

    [Fact]
    public void OneRunIsAllQuantiles()
    {
        var latencies = new Latencies();
        latencies.Add(3);
        (latencies.Min, latencies.Median, latencies.P99).ShouldBe((3, 3, 3));
    }

    [Fact]
    public void ContestantsAlternateAndRunEquallyOften()
    {
        var order = new System.Collections.Generic.List<char>();
        Func<double> Contestant(char name, double time) => () =>
        {
            Thread.Sleep(5);
            order.Add(name);
            return time;
        };

        Latencies[] results = new AlternatingBenchmark([Contestant('a', 1), Contestant('b', 2)], CancellationToken.None).Measure(new BenchmarkLength(0, 12));

        results.Select(static r => r.Count).ShouldBe([12, 12]);
        results.Select(static r => r.Median).ShouldBe([1, 2]);
        string text = string.Concat(order);
        text.Split("ba").Length.ShouldBeGreaterThan(2, text);
    }
}
