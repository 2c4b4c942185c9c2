B
global_maxJç)@Eï@<bJ@¶wa@