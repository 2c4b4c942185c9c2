using System;
using System.Collections.Generic;
using AotCompiler.Planning;

namespace AotCompiler.Tests.Planning;

/// <summary>One input of the arena planner.</summary>
internal sealed record ArenaWorkload(IReadOnlyList<ArenaRequest> Requests, IReadOnlyList<InPlacePermission> Permissions);

/// <summary>Builds the buffers of a network step by step, each buffer living until its last use.</summary>
internal sealed class ArenaWorkloadBuilder
{
    private readonly List<(long Bytes, int First, int Last)> _buffers = new();
    private readonly List<InPlacePermission> _permissions = new();
    private int _step = -1;

    /// <summary>Adds a step that reads the inputs and writes one buffer, which it may write over any of the inputs in place.</summary>
    public int Step(long bytes, bool inPlace, params int[] inputs)
    {
        _step++;
        var output = Written(bytes);
        foreach (var input in inputs)
        {
            _buffers[input] = _buffers[input] with { Last = _step };
            if (inPlace)
            {
                _permissions.Add(new InPlacePermission(input, output, _step));
            }
        }

        return output;
    }

    /// <summary>Adds scratch memory to the last step.</summary>
    public void Scratch(long bytes) => Written(bytes);

    public ArenaWorkload Build()
    {
        var requests = new List<ArenaRequest>();
        foreach (var (bytes, first, last) in _buffers)
        {
            requests.Add(new ArenaRequest(requests.Count, bytes, first, last));
        }

        return new ArenaWorkload(requests, _permissions);
    }

    private int Written(long bytes)
    {
        _buffers.Add((bytes, _step, _step));
        return _buffers.Count - 1;
    }
}

/// <summary>Memory traffic of the usual network families, float32, and of random graphs.</summary>
internal static class ArenaWorkloads
{
    private const int F32 = 4;

    /// <summary>Convolutions and bottleneck blocks with residual additions; <paramref name="size"/> is the input's edge.</summary>
    public static ArenaWorkload ResNet(int size, int[] blocksPerStage, int width, bool bottleneck)
    {
        var net = new ArenaWorkloadBuilder();
        var x = net.Step(Map(3, size), false);
        x = net.Step(Map(width, size /= 2), false, x);
        x = net.Step(Map(width, size /= 2), false, x);
        for (var stage = 0; stage < blocksPerStage.Length; stage++)
        {
            var inner = width << stage;
            var outer = bottleneck ? inner * 4 : inner;
            for (var block = 0; block < blocksPerStage[stage]; block++)
            {
                var shortcut = x;
                var before = size;
                size = block == 0 && stage > 0 ? size / 2 : size;
                var y = bottleneck ? net.Step(Map(inner, before), false, x) : x;
                y = net.Step(Map(inner, size), false, y);
                net.Scratch(size * 3 * inner * F32);
                y = net.Step(Map(outer, size), false, y);
                shortcut = block == 0 ? net.Step(Map(outer, size), false, shortcut) : shortcut;
                x = net.Step(Map(outer, size), true, y, shortcut);
                x = net.Step(Map(outer, size), true, x);
            }
        }

        x = net.Step(1000 * F32, false, x);
        net.Step(1000 * F32, true, x);
        return net.Build();
    }

    /// <summary>Each layer reads the concatenation of all earlier ones of its block.</summary>
    public static ArenaWorkload DenseNet(int size, int[] layersPerBlock, int growth)
    {
        var net = new ArenaWorkloadBuilder();
        var channels = growth * 2;
        var x = net.Step(Map(channels, size), false);
        foreach (var layers in layersPerBlock)
        {
            var features = new List<int> { x };
            for (var layer = 0; layer < layers; layer++)
            {
                var all = net.Step(Map(channels, size), false, features.ToArray());
                all = net.Step(Map(channels, size), true, all);
                var narrow = net.Step(Map(growth * 4, size), false, all);
                features.Add(net.Step(Map(growth, size), false, narrow));
                channels += growth;
            }

            x = net.Step(Map(channels, size), false, features.ToArray());
            channels /= 2;
            x = net.Step(Map(channels, size), false, x);
            x = net.Step(Map(channels, size /= 2), false, x);
        }

        net.Step(1000 * F32, false, x);
        return net.Build();
    }

    /// <summary>An encoder and a decoder joined by skips, each as long as the network below it.</summary>
    public static ArenaWorkload UNet(int size, int depth, int width, int convolutionsPerLevel)
    {
        var net = new ArenaWorkloadBuilder();
        var x = net.Step(Map(3, size), false);
        var skips = new Stack<int>();
        for (var level = 0; level < depth; level++, size /= 2)
        {
            x = Convolutions(net, x, width << level, size, convolutionsPerLevel);
            skips.Push(x);
            x = net.Step(Map(width << level, size / 2), false, x);
        }

        x = Convolutions(net, x, width << depth, size, convolutionsPerLevel);
        for (var level = depth - 1; level >= 0; level--)
        {
            size *= 2;
            x = net.Step(Map(width << level, size), false, x);
            x = net.Step(Map(2 * width << level, size), false, x, skips.Pop());
            x = Convolutions(net, x, width << level, size, convolutionsPerLevel);
        }

        net.Step(Map(2, size), false, x);
        return net.Build();
    }

    /// <summary>Four parallel branches of unequal width, concatenated.</summary>
    public static ArenaWorkload Inception(int size, int modules, int seed)
    {
        var random = new Random(seed);
        var net = new ArenaWorkloadBuilder();
        var channels = 192;
        var x = net.Step(Map(channels, size), false);
        for (var module = 0; module < modules; module++)
        {
            var branches = new List<int>();
            var total = 0;
            for (var branch = 0; branch < 4; branch++)
            {
                var width = 16 * random.Next(1, 13);
                var y = branch == 3 ? net.Step(Map(channels, size), false, x) : x;
                for (var layer = 0; layer < branch % 3; layer++)
                {
                    y = net.Step(Map(16 * random.Next(1, 9), size), false, y);
                    y = net.Step(net.Build().Requests[y].Bytes, true, y);
                }

                branches.Add(net.Step(Map(width, size), false, y));
                total += width;
            }

            x = net.Step(Map(channels = total, size), false, branches.ToArray());
            if (module % 3 == 2)
            {
                x = net.Step(Map(channels, size /= 2), false, x);
            }
        }

        net.Step(1000 * F32, false, x);
        return net.Build();
    }

    /// <summary>Pre-norm encoder layers: attention over heads and a four times wider feed-forward part.</summary>
    public static ArenaWorkload Transformer(int layers, int length, int width, int heads)
    {
        long hidden = (long)length * width * F32;
        long scores = (long)heads * length * length * F32;
        var net = new ArenaWorkloadBuilder();
        var x = net.Step(hidden, false);
        var mask = net.Step((long)length * length * F32, false);
        for (var layer = 0; layer < layers; layer++)
        {
            var normed = net.Step(hidden, true, x);
            var (q, k, v) = (net.Step(hidden, false, normed), net.Step(hidden, false, normed), net.Step(hidden, false, normed));
            k = net.Step(hidden, false, k);
            var attention = net.Step(scores, false, q, k);
            attention = net.Step(scores, true, attention, mask);
            attention = net.Step(scores, true, attention);
            var mixed = net.Step(hidden, false, attention, v);
            mixed = net.Step(hidden, false, mixed);
            x = net.Step(hidden, true, x, net.Step(hidden, false, mixed));
            var wide = net.Step(4 * hidden, false, net.Step(hidden, true, x));
            wide = net.Step(4 * hidden, true, wide);
            x = net.Step(hidden, true, x, net.Step(hidden, false, wide));
        }

        net.Step(hidden, true, x);
        return net.Build();
    }

    /// <summary>Steps that read the previous buffer and, at times, an older one near or far, with sizes over three decades.</summary>
    public static ArenaWorkload RandomNetwork(int seed, int steps, int percentSkips, int percentInPlace)
    {
        var random = new Random(seed);
        var net = new ArenaWorkloadBuilder();
        var buffers = new List<int> { net.Step(Size(random), false) };
        while (buffers.Count < steps)
        {
            var inputs = new List<int> { buffers[^1] };
            if (random.Next(100) < percentSkips)
            {
                var reach = random.Next(4) == 0 ? buffers.Count : Math.Min(buffers.Count, 8);
                inputs.Add(buffers[^random.Next(1, reach + 1)]);
            }

            buffers.Add(net.Step(Size(random), random.Next(100) < percentInPlace, inputs.ToArray()));
        }

        return net.Build();
    }

    /// <summary>Intervals and sizes with no structure at all.</summary>
    public static ArenaWorkload RandomIntervals(int seed, int count, int steps, int maxBytes)
    {
        var random = new Random(seed);
        var requests = new List<ArenaRequest>();
        for (var i = 0; i < count; i++)
        {
            var first = random.Next(steps);
            var last = Math.Min(steps - 1, first + random.Next(1 + random.Next(steps)));
            requests.Add(new ArenaRequest(1000 - (3 * i), random.Next(maxBytes), first, last));
        }

        var permissions = new List<InPlacePermission>();
        foreach (var dying in requests)
        {
            foreach (var written in requests)
            {
                if (dying.LastStep == written.FirstStep && dying.FirstStep < dying.LastStep && random.Next(2) == 0)
                {
                    permissions.Add(new InPlacePermission(dying.Id, written.Id, dying.LastStep));
                }
            }
        }

        return new ArenaWorkload(requests, permissions);
    }

    private static long Size(Random random) => (long)random.Next(1, 10) << random.Next(6, 16);

    private static long Map(int channels, int size) => (long)channels * size * size * F32;

    private static int Convolutions(ArenaWorkloadBuilder net, int x, int channels, int size, int count)
    {
        for (var i = 0; i < count; i++)
        {
            x = net.Step(Map(channels, size), false, x);
            x = net.Step(Map(channels, size), true, x);
        }

        return x;
    }
}
