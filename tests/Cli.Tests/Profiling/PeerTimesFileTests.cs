using System.IO;
using System.Text;
using AotCompiler.Cli.Profiling;
using Shouldly;

namespace AotCompiler.Cli.Tests.Profiling;

public sealed class PeerTimesFileTests
{
    [Fact]
    public void NodesAreReadInOrderWithTheMeanOfTheFasterHalf()
    {
        const string File = """
            [
            {"cat":"Session","pid":1,"tid":1,"dur":900,"ts":1,"ph":"X","name":"model_run","args":{}},
            {"cat":"Node","pid":1,"tid":1,"dur":1,"ts":2,"ph":"X","name":"conv_fence_before","args":{"op_name":"Conv"}},
            {"cat":"Node","pid":1,"tid":1,"dur":500,"ts":2,"ph":"X","name":"conv_kernel_time","args":{"op_name":"Conv","node_index":"3"}},
            {"cat":"Node","pid":1,"tid":1,"dur":7,"ts":9,"ph":"X","name":"relu_kernel_time","args":{"op_name":"Relu","node_index":"4"}},
            {"cat":"Node","pid":1,"tid":1,"dur":20,"ts":2,"ph":"X","name":"conv_kernel_time","args":{"op_name":"Conv","node_index":"3"}},
            {"cat":"Node","pid":1,"tid":1,"dur":40,"ts":2,"ph":"X","name":"conv_kernel_time","args":{"op_name":"Conv","node_index":"3"}},
            {"cat":"Node","pid":1,"tid":1,"dur":30,"ts":2,"ph":"X","name":"conv_kernel_time","args":{"op_name":"Conv","node_index":"3"}}
            ]
            """;
        PeerTimesFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(File))).ShouldBe([new PeerNode("conv", "Conv", 25.5), new PeerNode("relu", "Relu", 7.5)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"a\":1}")]
    [InlineData("[{\"cat\":\"Node\",\"name\":\"x_kernel_time\"}]")]
    public void WhatIsNoProfileIsRefused(string text) =>
        Should.Throw<InvalidDataException>(() => PeerTimesFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text))));
}
